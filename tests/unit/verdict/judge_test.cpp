#include <gmock/gmock.h>

#include "base/files.h"
#include "verdict/verdict.h"

namespace exportgate::verdict {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// A case with two cells, both observed as rejected and expected so; each test damages one thing.
class Judge : public testing::Test {
  protected:
    Judge() {
        matrix::Case mine;
        mine.name = "mine";
        mine.kinds = {matrix::Kind::plain};
        mine.modes = {matrix::Mode::strict};
        mine.dims_styles = {matrix::DimsStyle::named, matrix::DimsStyle::fixed};
        mine.dims = {{"batch", 1, 1024}};
        mine.inputs = {{"x", {"batch", 8}, "float32"}};
        mine.pairs = {{"b3", {{"batch", 3}}}};
        cases_ = {mine};
        record_.file = "last.jsonl";
        record_.header.environment.torch = "2.13.0";
        record_.header.cases = cases_;
        record_.footer.complete = true;
        golden::Golden golden;
        golden.case_name = "mine";
        golden.recorded = {*TorchVersion::parse("2.13.0")};
        for (const matrix::Cell& cell : matrix::cells_of(cases_)) {
            record_.header.cells.push_back(cell.name());
            record::Observation observation;
            observation.cell = cell.name();
            observation.result = record::Rejected{"export", "ValueError", "no"};
            observation.timings_s = {{"export", 0.25}, {"check", 0.5}};
            const auto outcome = outcome::canonical(observation, mine, cell, {});
            golden.rows.push_back({cell.name_in_folder(), golden.recorded[0], "", *outcome,
                                   "rejected-0123456789.txt", "seen"});
            record_.observations.push_back(std::move(observation));
        }
        goldens_ = {golden};
    }

    Judged judged() const {
        return judge(record_, cases_, goldens_, matrix::cells_of(cases_));
    }

    /// The labels of all cells.
    std::vector<std::string> verdicts() const {
        std::vector<std::string> labels;
        for (const Judgement& judgement : judged().judgements)
            labels.emplace_back(info(judgement.verdict).label);
        return labels;
    }

    std::string problems() const {
        std::string text;
        for (const Error& error : judged().problems)
            text += to_string(error) + "\n";
        return text;
    }

    std::vector<matrix::Case> cases_;
    record::Record record_;
    std::vector<golden::Golden> goldens_;
};

TEST_F(Judge, AllAsExpectedIsGood) {
    EXPECT_THAT(verdicts(), ElementsAre("as expected", "as expected"));
    EXPECT_EQ(judged().exit_code, 0);
    EXPECT_EQ(problems(), "");
    const Judgement first = judged().judgements[0];
    EXPECT_EQ(first.expectation, "since 2.13.0: seen");
    EXPECT_EQ(first.since, "2.13.0");
    EXPECT_EQ(first.file, "rejected-0123456789.txt");
    EXPECT_DOUBLE_EQ(first.seconds, 0.75);
    EXPECT_THAT(first.reasons, IsEmpty());
}

TEST_F(Judge, TheTotalOfTheTimingsIsNotAddedToItsParts) {
    record_.observations[0].timings_s["total"] = 0.8;
    EXPECT_DOUBLE_EQ(judged().judgements[0].seconds, 0.8);
}

TEST_F(Judge, ADifferenceFails) {
    record_.observations[1].result = record::Crashed{"export", 11, 0};
    EXPECT_THAT(verdicts(), ElementsAre("as expected", "regressed"));
    EXPECT_EQ(judged().exit_code, 1);
    EXPECT_THAT(
        judged().judgements[1].reasons,
        ElementsAre(Difference{Direction::worse,
                               EndsOtherwise{"rejected in export: ValueError",
                                             "crashed in export: SIGSEGV", "crashed in export"}}));
}

TEST_F(Judge, ARefusalThatIsAProgramNowThatAlwaysRaisesIsNotImproved) {
    cases_[0].dims.push_back({"clength", 1, 1024});
    cases_[0].pairs[0].extents["clength"] = 5;
    cases_[0].inputs = {{"x", {"batch", 8, 7, 1}, "float32"},
                        {"dc.key_cache[0]", {"batch", 8, "clength", 6}, "float32"},
                        {"dc.value_cache[0]", {"batch", 8, "clength", 6}, "float32"}};
    record_.header.cases = cases_;
    record_.header.checks = {{"run", 1}};
    record::Exported program;
    program.print =
        read_file(EXPORTGATE_SOURCE_DIR "/tests/recordings/programs/2.13.0/cache_named_strict.txt")
            .value();
    const auto runs = [&](record::CheckStatus status, std::vector<std::string> reasons) {
        program.checks = {{"run", status, std::move(reasons)}};
        record_.observations[0].result = program;
        return verdicts().front();
    };
    EXPECT_EQ(runs(record::CheckStatus::pass, {}), "improved");
    EXPECT_EQ(runs(record::CheckStatus::fail, {"pair b3: raises NameError: name 'L'"}), "changed");
}

TEST_F(Judge, AnErrorOfTheCaseIsNotOneOfTorch) {
    record_.observations[1].result = record::Rejected{"construct", "KeyError", "'q'"};
    EXPECT_THAT(verdicts(), ElementsAre("as expected", "case error"));
    EXPECT_EQ(judged().exit_code, 2);
    EXPECT_EQ(judged().judgements[1].case_error, "construct");
    EXPECT_THAT(
        judged().judgements[1].reasons,
        ElementsAre(CaseError{"", "construct: KeyError: 'q'", ""}, RemedyOfCaseError{"construct"}));
}

TEST_F(Judge, AGoldenOfAnErrorOfTheCaseIsGreenOnlyWhereTheCaseExpectsIt) {
    auto& observation = record_.observations[1];
    observation.result = record::Rejected{"construct", "KeyError", "'q'"};
    goldens_[0].rows[1].outcome =
        *outcome::canonical(observation, cases_[0], matrix::cells_of(cases_)[1], {});
    EXPECT_THAT(verdicts(), ElementsAre("as expected", "case error"));
    cases_[0].expected_stages[matrix::Kind::plain] = "construct";
    EXPECT_THAT(verdicts(), ElementsAre("as expected", "as expected"));
    cases_[0].expected_stages[matrix::Kind::plain] = "register";
    EXPECT_THAT(verdicts(), ElementsAre("as expected", "case error"));
}

TEST_F(Judge, WhereTheUsersCodeIsRejectedIsAPossibleCause) {
    auto& result = record_.observations[1].result;
    result = record::Rejected{"export", "TypeError", "other", "mine/case.py:48: not registered"};
    const PossibleCause cause{"mine/case.py:48: not registered"};
    EXPECT_THAT(judged().judgements[1].reasons, testing::Contains(Reason(cause)));
    goldens_[0].rows.pop_back();
    EXPECT_THAT(verdicts(), ElementsAre("as expected", "new"));
    EXPECT_THAT(judged().judgements[1].reasons, testing::Contains(Reason(cause)));
}

TEST_F(Judge, NoExpectationIsNew) {
    goldens_[0].rows.pop_back();
    EXPECT_THAT(verdicts(), ElementsAre("as expected", "new"));
    EXPECT_EQ(judged().exit_code, 1);
    EXPECT_THAT(judged().judgements[1].reasons,
                ElementsAre(NothingExpected{judged().judgements[1].expectation}));
    EXPECT_THAT(judged().judgements[1].expectation, HasSubstr("no outcome was ever accepted"));
}

TEST_F(Judge, ACellThatTheRecordLacksIsUnobserved) {
    record_.observations.pop_back();
    EXPECT_THAT(verdicts(), ElementsAre("as expected", "unobserved"));
    EXPECT_EQ(judged().exit_code, 2);
}

TEST_F(Judge, WhatTheWorkerCouldNotSeeIsUnobserved) {
    record_.observations[0].result = record::Unobserved{"the worker died"};
    EXPECT_THAT(verdicts(), ElementsAre("unobserved", "as expected"));
    EXPECT_THAT(judged().judgements[0].reasons, ElementsAre(Obstacle{"", "the worker died"}));
    EXPECT_EQ(judged().exit_code, 2);
}

TEST_F(Judge, APrintThatCannotBeReadIsUnobservedAndSaysWhy) {
    record::Exported exported;
    exported.print = "ExportedProgram:\n  gibberish\n";
    record_.observations[0].result = exported;
    EXPECT_THAT(verdicts(), ElementsAre("unobserved", "as expected"));
    EXPECT_THAT(judged().judgements[0].reasons,
                ElementsAre(testing::VariantWith<Obstacle>(
                    testing::Field(&Obstacle::why, HasSubstr("mine/plain/strict/named/b3:")))));
    EXPECT_EQ(judged().exit_code, 2);
}

TEST_F(Judge, AnIncompleteRecordIsNeverGreen) {
    record_.footer = {false, "interrupted", 0, {}};
    EXPECT_THAT(verdicts(), ElementsAre("as expected", "as expected"));
    EXPECT_EQ(judged().exit_code, 2);
    EXPECT_THAT(problems(), HasSubstr("last.jsonl: the record is incomplete: interrupted"));
}

TEST_F(Judge, ACaseThatChangedSinceCannotBeJudged) {
    cases_[0].dims[0].max = 512;
    EXPECT_THAT(verdicts(), ElementsAre("unobserved", "unobserved"));
    EXPECT_THAT(problems(),
                HasSubstr("recorded with another declaration of case mine (run again)"));
    EXPECT_EQ(judged().exit_code, 2);
}

TEST_F(Judge, AnotherSummaryAsksTheSame) {
    cases_[0].summary = "said better";
    EXPECT_EQ(judged().exit_code, 0);
}

TEST_F(Judge, ObservedCellsThatNoCaseDeclaresAreAProblem) {
    record_.observations[1].cell = "mine/plain/strict/auto/b3";
    EXPECT_THAT(problems(), HasSubstr("1 observed cells are not declared by any case, the first is "
                                      "mine/plain/strict/auto/b3"));
    EXPECT_EQ(judged().exit_code, 2);
}

TEST_F(Judge, ACaseWithoutLoadedGoldensCannotBeJudged) {
    goldens_.clear();
    EXPECT_THAT(verdicts(), ElementsAre("unobserved", "unobserved"));
    EXPECT_EQ(judged().exit_code, 2);
}

TEST_F(Judge, OnlyTheSelectedCellsAreJudged) {
    const auto cells = matrix::cells_of(cases_);
    const Judged result = judge(record_, cases_, goldens_, std::span(cells).first(1));
    EXPECT_THAT(result.judgements, SizeIs(1));
    EXPECT_EQ(result.exit_code, 0);
}

TEST_F(Judge, NothingJudgedIsNotGood) {
    EXPECT_EQ(judge(record_, cases_, goldens_, {}).exit_code, 2);
}

TEST_F(Judge, ACaseOfALaterTorchIsLeftOutWhereItWasNotObserved) {
    auto later = cases_[0];
    later.name = "later";
    later.first_torch = *TorchVersion::parse("2.14.0");
    cases_.push_back(later);
    golden::Golden empty;
    empty.case_name = "later";
    goldens_.push_back(empty);
    EXPECT_THAT(verdicts(), ElementsAre("as expected", "as expected"));
    EXPECT_EQ(judged().exit_code, 0);
    cases_[1].first_torch = *TorchVersion::parse("2.13.0");
    EXPECT_THAT(verdicts(), ElementsAre("as expected", "as expected", "unobserved", "unobserved"));
}

TEST_F(Judge, OrphansFailAndProblemsOutweighThem) {
    Judged result = judged();
    add_orphans(result, {});
    EXPECT_EQ(result.exit_code, 0);
    add_orphans(result, {{"golden/mine/left.txt", 0, "no row uses this file", ""}});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.failures, SizeIs(1));
    add_problems(result, {{"golden/other", 0, "cannot be read", ""}});
    EXPECT_EQ(result.exit_code, 2);
}

TEST_F(Judge, CountsByVerdict) {
    record_.observations.pop_back();
    EXPECT_THAT(counts(judged().judgements), ElementsAre(std::pair(Verdict::as_expected, 1U),
                                                         std::pair(Verdict::unobserved, 1U)));
}

}  // namespace
}  // namespace exportgate::verdict
