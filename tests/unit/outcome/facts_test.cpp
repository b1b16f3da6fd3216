#include <gmock/gmock.h>

#include "outcome/facts_text.h"
#include "outcome/guards.h"

namespace exportgate::outcome {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

matrix::Case asked() {
    matrix::Case mine;
    mine.name = "mine";
    mine.dims = {{"batch", 1, 1024}, {"length", 1, 1024}};
    mine.inputs = {{"x", {"batch", 8}}, {"dc.key_cache[0]", {"batch", "length"}}};
    mine.pairs = {{"b3c5", {{"batch", 3}, {"length", 5}}}};
    return mine;
}

/// What canonicalising the print of its program gives.
graph::Canonical program() {
    graph::Canonical program;
    program.inputs = {{"p_w", "PARAMETER", "w", "f32", "", {"8"}},
                      {"x", "USER_INPUT", "", "f32", "", {"s0", "8"}},
                      {"dc_key_cache_0", "USER_INPUT", "", "f32", "", {"s0", "s1"}}};
    program.symbols = {{"s0", "s27", "1", "1024"}, {"s1", "s61", "1", "1024"}};
    return program;
}

std::vector<Guard> guards(const std::vector<std::string>& code) {
    return guards_of(code, program(), asked());
}

constexpr const char* batches_equal = "L['flat_args'][0].size()[0] == L['flat_args'][1].size()[0]";

TEST(Guards, AreSaidInTheWordsOfTheCaseAndOnce) {
    const auto found = guards({"L['dc']['key_cache'][0].size()[0] == L['x'].size()[0]",
                               "L['dc'].key_cache[0].size()[0] == L['x'].size()[0]",
                               "L['flat_args'][1].size()[0] == L['flat_args'][0].size()[0]"});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].text, "dc.key_cache[0] dim 0 == x dim 0");
}

TEST(Guards, ThatFollowFromShapesAndRangesAreImplied) {
    for (const std::string& code :
         {std::string(batches_equal), std::string("L['x'].size()[1] == 8"),
          std::string("(1 + L['x'].size()[0]) == (1 + L['dc']['key_cache'][0].size()[0])"),
          std::string("L['x'].size()[0] <= 1024"), std::string("L['x'].size()[0] >= 1")}) {
        const auto found = guards({code});
        EXPECT_TRUE(found[0].is_implied) << code;
        EXPECT_EQ(found[0].excludes, "") << code;
    }
}

TEST(Guards, ThatRefuseDeclaredExtentsSayWhich) {
    const std::string batch = "L['x'].size()[0]";
    const std::string length = "L['dc'].key_cache[0].size()[1]";
    for (const auto& code :
         {batch + " != 7", batch + " <= 1023", batch + " % 3 == 0", batch + " != " + length,
          "8*" + batch + "*" + length + " <= 120", "3 <= " + batch, "not " + batch + " == 1"}) {
        const auto found = guards({code});
        EXPECT_FALSE(found[0].is_implied) << code;
        EXPECT_THAT(found[0].excludes, HasSubstr("batch = ")) << code;
    }
}

TEST(Guards, OfWhichNothingCanBeSaidRefuseNothing) {
    const std::string batch = "L['x'].size()[0]";
    for (const auto& code :
         {batch + " ** 2 <= 9", "Max(" + batch + ", 3) == 3",
          std::string("L['other'].size()[0] == 3"), std::string("L['x'].size()[9] == 3"),
          std::string("L['x'].dtype == torch.float32"),
          std::string("L['flat_args'][7].size()[0] == 1")}) {
        const auto found = guards({code});
        EXPECT_FALSE(found[0].is_implied) << code;
        EXPECT_EQ(found[0].excludes, "") << code;
    }
}

TEST(Guards, ExtentsThatTheProgramsRangesRefuseAlreadyAreNotSaidAgain) {
    auto narrow = program();
    narrow.symbols[0].lower = "2";
    EXPECT_EQ(guards_of({"L['x'].size()[0] != 1"}, narrow, asked())[0].excludes, "");
    narrow.inputs[1].shape[0] = narrow.inputs[2].shape[0] = "3";
    EXPECT_TRUE(guards_of({"L['x'].size()[0] == 3"}, narrow, asked())[0].is_implied);
}

record::Facts facts() {
    record::Facts facts;
    facts.revision = record::facts_revision;
    facts.guards = {{batches_equal, "L['x'].size()[0] != 7"}};
    record::InputFact w{"p_w", "float32", {"8"}, {{"1"}}, true, "cpu", "", ""};
    record::InputFact x{"x", "float32", {"s27", "8"}, {{"8", "1"}}, false, "cpu", "", ""};
    record::InputFact key{
        "dc_key_cache_0", "float32", {"s27", "s61"}, {{"s61*2", "1"}}, false, "cpu", "", ""};
    facts.inputs = {{w, x, key}};
    record::CarriedFact constant{"c", "constant", "int64", {}, {}, false, "12ab", "", ""};
    facts.carried = {{constant}};
    facts.modules = std::vector<record::ModuleFact>{};
    return facts;
}

TEST(FactsText, HasASectionForEachKindThatWasObserved) {
    const auto text = facts_text(facts(), program(), asked(), "mine");
    ASSERT_TRUE(text);
    EXPECT_EQ(*text,
              "\nfacts 1\n"
              "  layout\n"
              "    w  cpu  strides [1]  requires_grad\n"
              "    x  cpu  strides [8, 1]\n"
              "    dc.key_cache[0]  cpu  strides [2*s1, 1]\n"
              "  values\n"
              "    none\n"
              "  carried\n"
              "    c  constant  int64 []  sha256:12ab\n"
              "  modules\n"
              "    none\n"
              "  guards\n"
              "    x dim 0 != 7\n");
}

TEST(FactsText, WhatWasNotObservedHasNone) {
    auto some = facts();
    some.guards.reset();
    some.inputs.reset();
    some.modules.reset();
    const auto text = facts_text(some, program(), asked(), "mine");
    ASSERT_TRUE(text);
    const auto read = read_facts(*text);
    EXPECT_EQ(read.sections.size(), 1U);
    some.carried.reset();
    EXPECT_EQ(facts_text(some, program(), asked(), "mine"), "");
}

TEST(FactsText, OfAnotherProgramIsAnError) {
    auto other = facts();
    other.inputs->front().name = "q_w";
    EXPECT_FALSE(facts_text(other, program(), asked(), "mine"));
    other.inputs->pop_back();
    EXPECT_FALSE(facts_text(other, program(), asked(), "mine"));
}

TEST(FactsText, AnIntAndAStringAreTwoValues) {
    const auto with = [](const std::string& type, const std::string& value) {
        auto facts_ = facts();
        facts_.inputs->at(1) = {"x", "", {}, {}, false, "", type, value};
        return *facts_text(facts_, program(), asked(), "mine");
    };
    EXPECT_NE(with("int", "4"), with("str", "4"));
    EXPECT_NE(with("int", "4"), with("int", "5"));
    EXPECT_THAT(read_facts(with("str", "'a\nb'")).sections.at("values"),
                ElementsAre("x  str  'a\\nb'"));
}

TEST(FactsText, IsStoredBehindTheTextAndReadBack) {
    Outcome outcome{Status::exported, "exportgate graph 1\n", {}};
    outcome.facts = *facts_text(facts(), program(), asked(), "mine");
    Outcome read{Status::exported, "", {}};
    set_stored_text(read, stored_text(outcome));
    EXPECT_EQ(read, outcome);
    outcome.facts = "";
    set_stored_text(read, stored_text(outcome));
    EXPECT_EQ(read, outcome) << "an earlier golden";
    Outcome refused{Status::rejected, "exportgate rejected 1\nmessage:\n  a\n\nfacts 1\n", {}};
    Outcome read_refused{Status::rejected, "", {}};
    set_stored_text(read_refused, stored_text(refused));
    EXPECT_EQ(read_refused, refused) << "a message that reads like facts";
}

TEST(ParsedFacts, KnowEveryMemberAndNoOther) {
    const std::string input =
        R"({"name":"x","dtype":"float32","shape":["s27"],"strides":["1"],"requires_grad":false,"device":"cpu"})";
    const auto parsed = record::parse_facts(
        R"({"revision":1,"dialect":"TRAINING","guards":["g"],"inputs":[)" + input +
            R"(],"carried":[],"modules":[],"argument_names":["x"],"schemas":{}})",
        "cell");
    ASSERT_TRUE(parsed) << to_string(parsed.error());
    EXPECT_THAT(*parsed->guards, ElementsAre("g"));
    EXPECT_THAT(*parsed->inputs->front().strides, ElementsAre("1"));
    EXPECT_THAT(*parsed->carried, IsEmpty());
    for (const char* bad :
         {R"({"guards":[]})", R"({"revision":1,"guards":"g"})", R"({"revision":1,"more":1})",
          R"({"revision":1,"inputs":[{"name":"x"}]})", R"([])", R"({"revision":1)",
          R"({"revision":1,"carried":[{"name":"x","kind":"idea"}]})"}) {
        EXPECT_FALSE(record::parse_facts(bad, "cell")) << bad;
    }
    const auto later = record::parse_facts(R"({"revision":2,"more":1})", "cell");
    ASSERT_TRUE(later);
    EXPECT_FALSE(later->guards) << "of another revision nothing is read";
}

}  // namespace
}  // namespace exportgate::outcome
