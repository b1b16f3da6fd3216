#include "outcome/case_error.h"

#include <gmock/gmock.h>

#include "outcome_case.h"

namespace exportgate::outcome {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string worker_says = "exportgate_worker.errors.CaseError";

Outcome of(decltype(record::Observation::result) result) {
    return canonical(observed(std::move(result)), cache_case(), cell(), all_of_worker()).value();
}

std::optional<std::string> error_of(decltype(record::Observation::result) result,
                                    const std::string& expected_stage = "") {
    matrix::Case one = cache_case();
    if (!expected_stage.empty()) one.expected_stages[matrix::Kind::plain] = expected_stage;
    return case_error(of(std::move(result)), one, cell());
}

TEST(CaseError, IsWhateverEndsACellBeforeTorchIsAsked) {
    for (const std::string& stage : matrix::stages_before_export()) {
        EXPECT_EQ(error_of(record::Rejected{stage, "KeyError", "'q'"}), stage);
        EXPECT_EQ(error_of(record::Crashed{stage, 11, 0}), stage);
        EXPECT_EQ(error_of(record::TimedOut{stage, 5}), stage);
    }
    EXPECT_EQ(error_of(record::Crashed{"start", 9, 0}), "start");
}

TEST(CaseError, WhatTorchAnsweredIsNone) {
    for (const char* stage : {"export", "observe"}) {
        EXPECT_EQ(error_of(record::Rejected{stage, "ValueError", "no"}), std::nullopt);
        EXPECT_EQ(error_of(record::Crashed{stage, 11, 0}), std::nullopt);
        EXPECT_EQ(error_of(record::TimedOut{stage, 5}), std::nullopt);
    }
    EXPECT_EQ(error_of(exported(recorded_print("cache_named_strict"))), std::nullopt);
}

TEST(CaseError, AContradictionThatTheWorkerFindsIsOneInEveryStage) {
    EXPECT_EQ(error_of(record::Rejected{"export", worker_says, "no Dim"}), "export");
    EXPECT_EQ(error_of(record::Rejected{"export", worker_says, "no Dim"}, "export"), "export");
}

TEST(CaseError, IsAnOutcomeWhereTheCaseExpectsItInThatStageAndKind) {
    const record::Rejected refused{"register", "ValueError", "no"};
    EXPECT_EQ(error_of(refused, "register"), std::nullopt);
    EXPECT_EQ(error_of(refused, "construct"), "register");
    matrix::Case one = cache_case();
    one.expected_stages[matrix::Kind::module] = "register";
    EXPECT_EQ(case_error(of(refused), one, cell()), "register") << "of the other kind";
}

TEST(CaseError, SaysTheStageAndTheFirstLine) {
    EXPECT_EQ(describe_case_error(of(record::Rejected{"construct", "KeyError", "'q'\nmore"})),
              "construct: KeyError: 'q'");
    EXPECT_EQ(describe_case_error(of(record::Crashed{"eager", 11, 0})), "eager: crashed, SIGSEGV");
    EXPECT_EQ(describe_case_error(of(record::TimedOut{"import", 5})), "import: timeout");
    EXPECT_THAT(remedy_of_case_error("eager"), HasSubstr("expected_stage = \"eager\""));
    EXPECT_THAT(remedy_of_case_error("export"), Not(HasSubstr("expected_stage")));
}

TEST(CaseError, StagesHaveAnOrder) {
    EXPECT_TRUE(is_later_stage("eager", "import"));
    EXPECT_TRUE(is_later_stage("import", "start"));
    EXPECT_FALSE(is_later_stage("register", "register"));
    EXPECT_FALSE(is_later_stage("construct", "register"));
}

}  // namespace
}  // namespace exportgate::outcome
