#include "run/needs.h"

#include <gmock/gmock.h>

namespace exportgate::run {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

matrix::Case naming(const std::string& name, std::vector<std::string> modules) {
    matrix::Case one;
    one.name = name;
    one.preload = std::move(modules);
    return one;
}

TEST(Needs, WhatEveryCaseThatRunsNamesIsPreloaded) {
    const std::vector<matrix::Case> cases{naming("a", {"numpy", "wave"}), naming("b", {"wave"}),
                                          naming("c", {})};
    EXPECT_THAT(preloaded(cases, {"a"}), ElementsAre("numpy", "wave"));
    EXPECT_THAT(preloaded(cases, {"a", "b"}), ElementsAre("wave"));
    EXPECT_THAT(preloaded(cases, {"a", "b", "c"}), IsEmpty());
    EXPECT_THAT(preloaded(cases, {}), IsEmpty());
}

TEST(Needs, SaysWhatIsMissingAndTheCommandThatHelps) {
    matrix::Case one = naming("a", {});
    const record::Environment environment{"default",      "2.13.0", "2.13.0+cpu",          "3.11.2",
                                          "linux-x86_64", 1,        {{"optree", "0.17.0"}}};
    EXPECT_EQ(what_is_missing(one, environment), "");
    one.requirements = {parse_requirement("optree>=0.17").value()};
    EXPECT_EQ(what_is_missing(one, environment), "");
    one.requirements.push_back(parse_requirement("transformers>=5").value());
    EXPECT_EQ(what_is_missing(one, environment),
              "this environment lacks what the case requires: transformers>=5 is not installed; "
              "`exportgate env add NAME --with 'optree>=0.17' --with 'transformers>=5'` makes one "
              "that has it");
    one.requirements.front() = parse_requirement("optree>=0.20").value();
    EXPECT_THAT(
        what_is_missing(one, environment),
        HasSubstr("optree>=0.20 is asked for, 0.17.0 is installed; transformers>=5 is not"));
}

}  // namespace
}  // namespace exportgate::run
