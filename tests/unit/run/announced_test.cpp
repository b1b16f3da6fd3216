#include "run/announced.h"

#include <gmock/gmock.h>

namespace exportgate::run {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

Announced after(const std::vector<std::string>& stages) {
    Announced announced;
    for (const std::string& stage : stages)
        announced.begins(stage);
    return announced;
}

const std::vector<std::string> all_stages{"import", "construct", "register", "eager",
                                          "export", "observe",   "check:run"};

record::Observation exported() {
    record::Exported with_a_check;
    with_a_check.checks.emplace_back().name = "run";
    record::Observation observation;
    observation.result = with_a_check;
    return observation;
}

TEST(Announced, AnExportAfterAllItsStagesIsBelieved) {
    EXPECT_THAT(after(all_stages).contradiction(exported()), IsEmpty());
}

TEST(Announced, AnExportThatLacksAStageIsNot) {
    for (const std::string& stage : all_stages) {
        std::vector<std::string> others = all_stages;
        std::erase(others, stage);
        EXPECT_THAT(after(others).contradiction(exported()), HasSubstr(stage)) << stage;
    }
}

TEST(Announced, AnExportWhoseStagesCameInAnotherOrderIsNot) {
    std::vector<std::string> swapped = all_stages;
    std::swap(swapped[3], swapped[4]);
    EXPECT_THAT(after(swapped).contradiction(exported()), HasSubstr("the stage export"));
}

TEST(Announced, TheStagesOfTheCellBeforeDoNotCount) {
    Announced announced = after(all_stages);
    announced.clear();
    EXPECT_THAT(announced.contradiction(exported()), HasSubstr("the stage import"));
}

TEST(Announced, WhatWasNotObservedNeedsNoStage) {
    record::Observation observation;
    observation.result = record::Unobserved{"no native module"};
    EXPECT_THAT(Announced().contradiction(observation), IsEmpty());
}

}  // namespace
}  // namespace exportgate::run
