#include "outcome/certain_assertions.h"

#include <gmock/gmock.h>

namespace exportgate::outcome {
namespace {

/// A program of one input with one assertion.
std::string program(const std::string& condition, const std::string& message = "it failed") {
    return "exportgate graph 1\n\nsymbols\n  s0  \"batch\"  1..1024\n  s1  \"length\"  1..int_oo\n"
           "  s2  no range\n  u0  0..int_oo\n\ninputs\n  %0  USER_INPUT  f32[s0, s1, s2]\n\ngraph\n"
           "  %1 = aten._assert_scalar.default(" +
           condition + ", \"" + message + "\")\n  %2 = aten.item.default(%0, u0)\n\nin_spec\n  *\n";
}

class Certain : public testing::TestWithParam<const char*> {};
class Uncertain : public testing::TestWithParam<const char*> {};

TEST_P(Certain, IsLeftOut) {
    const auto without = without_certain_assertions(program(GetParam()));
    EXPECT_EQ(without.count, 1U);
    EXPECT_THAT(without.text, testing::Not(testing::HasSubstr("_assert_scalar")));
}

TEST_P(Uncertain, Stays) {
    const auto text = program(GetParam());
    const auto without = without_certain_assertions(text);
    EXPECT_EQ(without.count, 0U);
    EXPECT_EQ(without.text, text);
}

INSTANTIATE_TEST_SUITE_P(Conditions, Certain,
                         testing::Values("s0 == s0", "s2 == s2", "3 == 3", "s0 >= 1", "s0 <= 1024",
                                         "s0 < 1025", "2*s0 <= 2048", "s1 > 0", "s0 != 1025",
                                         "s0 + s1 >= 2", "s0 - s1 <= 1023", "1025 - s0 > 0",
                                         "-1*s0 < 0", "True", "u0 == u0"));

INSTANTIATE_TEST_SUITE_P(Conditions, Uncertain,
                         testing::Values("s0 == s1", "s2 == s0", "s0 == 3", "s0 >= 2", "s0 <= 1023",
                                         "s0 < 1024", "2*s0 <= 2047", "s1 <= 1024", "s0 != 1024",
                                         "s0 + s1 >= 3", "s0 - s1 <= 1022", "3 == 4", "False", "s0",
                                         "%0", "s2 >= 0", "Max(s0, s1) >= 1", "s0 % 2 == 0",
                                         "u0 >= 0", "s0*s1 >= 1"));

TEST(CertainAssertions, UnnamedSymbolsThatOnlyTheyMentionGoToo) {
    const std::string head = "exportgate graph 1\n\nsymbols\n  s0  \"batch\"  1..1024\n";
    const std::string tail = "\ninputs\n  %0  USER_INPUT  f32[s0]\n\ngraph\n";
    const auto without = without_certain_assertions(
        head + "  s1  no range\n" + tail +
        "  %1 = aten._assert_scalar.default(s0 == s0, \"expression s0 == s1\")\n"
        "  %2 = aten.neg.default(%0)\n");
    EXPECT_EQ(without.text, head + tail + "  %1 = aten.neg.default(%0)\n");
}

TEST(CertainAssertions, AnEmptyLegendGoesToo) {
    const auto without = without_certain_assertions(
        "exportgate graph 1\n\nsymbols\n  s0  no range\n\ninputs\n  %0  USER_INPUT  f32[3]\n\n"
        "graph\n  %1 = aten._assert_scalar.default(3 == 3, \"expression s0 == 3\")\n");
    EXPECT_EQ(without.text, "exportgate graph 1\n\ninputs\n  %0  USER_INPUT  f32[3]\n\ngraph\n");
}

TEST(CertainAssertions, WhatStandsBehindTheGraphIsNotTouched) {
    const std::string specs = "\n\nin_spec\n  dict ['s7', 's1']\n    *\n";
    const auto without = without_certain_assertions(
        "exportgate graph 1\n\ngraph\n  %0 = aten._assert_scalar.default(True, \"\")" + specs);
    EXPECT_EQ(without.count, 1U);
    EXPECT_THAT(without.text, testing::EndsWith(specs));
}

}  // namespace
}  // namespace exportgate::outcome
