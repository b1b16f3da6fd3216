#include "verdict/waive.h"

#include <gmock/gmock.h>

namespace exportgate::verdict {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A case with the cells named/b3 and static/b3, both as expected, on torch 2.14.1 and the first of
/// March 2027; one waiver of the first cell, which lives.
const Difference other_program{Direction::neither, OtherProgram{}};
const Difference crashes{
    Direction::worse, EndsOtherwise{"exported", "crashed in export: SIGSEGV", "crashed in export"}};

class Waive : public testing::Test {
  protected:
    Waive() {
        matrix::Case mine;
        mine.name = "mine";
        mine.kinds = {matrix::Kind::plain};
        mine.modes = {matrix::Mode::strict};
        mine.dims_styles = {matrix::DimsStyle::named, matrix::DimsStyle::fixed};
        mine.pairs = {{"b3", {}}};
        mine.waivers = {{"plain/strict/named/*",
                         *TorchRange::parse(">=2.14,<2.16"),
                         "known",
                         "https://example.org/7",
                         *parse_date("2027-03-01"),
                         "case.toml",
                         30,
                         {"program"}}};
        cases_ = {mine};
        judged_.environment.torch = "2.14.1";
        for (const auto& cell : matrix::cells_of(cases_)) {
            Judgement judgement;
            judgement.cell = cell;
            judgement.reasons = {other_program};
            judged_.judgements.push_back(judgement);
        }
    }

    matrix::Waiver& waiver() {
        return cases_[0].waivers[0];
    }
    Judgement& named() {
        return judged_.judgements[0];
    }

    void differs(Verdict verdict, std::vector<Reason> reasons = {other_program}) {
        named().verdict = verdict;
        named().reasons = std::move(reasons);
        named().waiver.reset();
    }

    void apply(const std::string& today = "2027-03-01", Against against = Against::goldens) {
        apply_waivers(judged_, cases_, *parse_date(today), against);
        settle(judged_);
    }

    std::vector<std::string> failures() const {
        std::vector<std::string> texts;
        for (const Error& failure : judged_.failures)
            texts.push_back(to_string(failure));
        return texts;
    }

    std::vector<matrix::Case> cases_;
    Judged judged_;
};

TEST_F(Waive, ADifferenceIsWaivedAndKeepsItsReasons) {
    for (const Verdict verdict : {Verdict::regressed, Verdict::changed, Verdict::improved}) {
        differs(verdict);
        apply();
        EXPECT_EQ(named().verdict, Verdict::waived);
        EXPECT_THAT(named().reasons, ElementsAre(other_program));
        ASSERT_TRUE(named().waiver);
        EXPECT_EQ(named().waiver->instead_of, verdict);
        EXPECT_EQ(describe(*named().waiver), "until 2027-03-01: known (https://example.org/7)");
        EXPECT_THAT(failures(), IsEmpty());
        EXPECT_EQ(judged_.exit_code, 0);
    }
}

TEST_F(Waive, AnotherKindOfDifferenceIsNotCovered) {
    differs(Verdict::regressed, {crashes, other_program});
    apply();
    EXPECT_EQ(named().verdict, Verdict::regressed);
    EXPECT_EQ(judged_.exit_code, 1);
    EXPECT_THAT(named().reasons, ElementsAre(crashes, other_program,
                                             NotWaived{"case.toml", 30, {"crashed in export"}}));
    differs(Verdict::regressed, {});
    apply();
    EXPECT_EQ(named().verdict, Verdict::regressed) << "of no known kind";
    EXPECT_THAT(named().reasons, ElementsAre(NotWaived{"case.toml", 30, {}}));
}

TEST_F(Waive, OneThatIsWrittenForMoreCoversLess) {
    waiver().differs = {"check run fails", "program"};
    differs(Verdict::changed);
    apply();
    EXPECT_EQ(named().verdict, Verdict::waived);
}

TEST_F(Waive, OneForMoreThanAYearFails) {
    differs(Verdict::regressed);
    apply("2026-02-27");
    EXPECT_EQ(named().verdict, Verdict::regressed);
    EXPECT_THAT(failures(),
                ElementsAre(HasSubstr("expires on 2027-03-01, more than a year from today")));
    judged_.failures.clear();
    apply("2026-03-01");
    EXPECT_EQ(named().verdict, Verdict::waived);
}

TEST_F(Waive, WhatIsNewOrUnobservedIsNeverWaived) {
    for (const Verdict verdict : {Verdict::new_, Verdict::case_error, Verdict::unobserved}) {
        named().verdict = verdict;
        apply();
        EXPECT_EQ(named().verdict, verdict);
        EXPECT_FALSE(named().waiver);
        EXPECT_NE(judged_.exit_code, 0);
        EXPECT_THAT(failures(), IsEmpty()) << "whether it waives something cannot be said";
    }
}

TEST_F(Waive, OtherCellsAndOtherReleasesAreNot) {
    judged_.judgements[1].verdict = Verdict::regressed;
    named().verdict = Verdict::changed;
    apply();
    EXPECT_EQ(judged_.judgements[1].verdict, Verdict::regressed);
    EXPECT_EQ(judged_.exit_code, 1);
    judged_.environment.torch = "2.16.0";
    differs(Verdict::changed);
    apply();
    EXPECT_EQ(named().verdict, Verdict::changed);
}

TEST_F(Waive, CellsOfAnotherCaseAreNot) {
    matrix::Case other = cases_[0];
    other.name = "other";
    other.waivers.clear();
    cases_.push_back(other);
    Judgement judgement;
    judgement.cell = matrix::cells_of(cases_)[2];
    judgement.verdict = Verdict::regressed;
    judged_.judgements.push_back(judgement);
    named().verdict = Verdict::changed;
    apply();
    EXPECT_EQ(judged_.judgements[2].verdict, Verdict::regressed);
}

TEST_F(Waive, HoldsOnItsLastDayAndNotOnTheNext) {
    named().verdict = Verdict::regressed;
    apply("2027-03-02");
    EXPECT_EQ(named().verdict, Verdict::regressed);
    EXPECT_THAT(failures(),
                ElementsAre("case.toml:30: the waiver of \"plain/strict/named/*\" expired on "
                            "2027-03-01: known (renew it, or accept the outcome and remove it)"));
    judged_.failures.clear();
    apply("2027-03-01");
    EXPECT_EQ(named().verdict, Verdict::waived);
    EXPECT_THAT(failures(), IsEmpty());
}

TEST_F(Waive, AnExpiredOneFailsWhereNothingDiffersToo) {
    apply("2027-03-02");
    EXPECT_THAT(failures(), ElementsAre(HasSubstr("expired")));
    EXPECT_EQ(judged_.exit_code, 1);
}

TEST_F(Waive, AnExpiredOneDoesNotFailOnReleasesOrCellsItIsNotFor) {
    judged_.environment.torch = "2.13.0";
    apply("2027-03-02");
    EXPECT_THAT(failures(), IsEmpty());
    judged_.environment.torch = "2.14.1";
    judged_.judgements.erase(judged_.judgements.begin());
    apply("2027-03-02");
    EXPECT_THAT(failures(), IsEmpty()) << "only the other cell was judged";
}

TEST_F(Waive, OneThatMatchesNoDeclaredCellFailsWhateverWasJudged) {
    waiver().cells = "plain/strikt/named/b3";
    judged_.judgements.erase(judged_.judgements.begin());
    judged_.environment.torch = "2.6.0";
    apply();
    EXPECT_THAT(failures(),
                ElementsAre("case.toml:30: the waiver of \"plain/strikt/named/b3\" matches no "
                            "declared cell (did you mean \"plain/strict/named/b3\"?)"));
    EXPECT_EQ(judged_.exit_code, 1);
}

TEST_F(Waive, OneThatWaivesNothingFails) {
    apply();
    EXPECT_THAT(failures(), ElementsAre(HasSubstr("waives nothing: all its cells are as expected "
                                                  "on torch 2.14.1")));
    EXPECT_EQ(judged_.exit_code, 1);
}

TEST_F(Waive, OneThatWaivesSomethingOfItsCellsDoesNot) {
    waiver().cells = "*";
    named().verdict = Verdict::regressed;
    apply();
    EXPECT_THAT(failures(), IsEmpty());
    EXPECT_EQ(judged_.judgements[1].verdict, Verdict::as_expected);
}

TEST_F(Waive, WithoutAllOfItsCellsItCannotBeSaidToWaiveNothing) {
    waiver().cells = "*";
    judged_.judgements.pop_back();
    apply();
    EXPECT_THAT(failures(), IsEmpty());
}

TEST_F(Waive, BetweenRecordsWaivingNothingIsNoFailure) {
    apply("2027-03-01", Against::record);
    EXPECT_THAT(failures(), IsEmpty());
    apply("2027-03-02", Against::record);
    EXPECT_THAT(failures(), ElementsAre(HasSubstr("expired")));
}

TEST_F(Waive, BetweenRecordsWhatImprovedIsSaidToBe) {
    for (const Verdict verdict : {Verdict::regressed, Verdict::changed, Verdict::improved}) {
        differs(verdict);
        apply("2027-03-01", Against::record);
        EXPECT_EQ(named().verdict,
                  verdict == Verdict::improved ? Verdict::improved : Verdict::waived);
    }
}

TEST_F(Waive, TheFirstOfTwoCounts) {
    auto second = waiver();
    second.reason = "another";
    cases_[0].waivers.push_back(second);
    named().verdict = Verdict::regressed;
    apply();
    EXPECT_EQ(named().waiver->reason, "known");
    EXPECT_EQ(named().waiver->instead_of, Verdict::regressed);
    EXPECT_THAT(failures(), IsEmpty());
}

/// The same folder with two values; the waiver stands in the one file of both.
class WaiveParameters : public Waive {
  protected:
    WaiveParameters() {
        matrix::Case llama = cases_[0];
        llama.name = "mine[arch=llama]";
        llama.waivers[0].cells = "[arch=llama]/plain/strict/named/*";
        matrix::Case mistral = llama;
        mistral.name = "mine[arch=mistral]";
        cases_ = {llama, mistral};
        judged_.judgements.clear();
        for (const auto& cell : matrix::cells_of(cases_)) {
            Judgement judgement;
            judgement.cell = cell;
            judgement.reasons = {other_program};
            judged_.judgements.push_back(judgement);
        }
    }
};

TEST_F(WaiveParameters, OnlyTheCellsOfThatValue) {
    judged_.judgements[0].verdict = Verdict::changed;
    judged_.judgements[2].verdict = Verdict::changed;
    apply();
    EXPECT_EQ(judged_.judgements[0].verdict, Verdict::waived);
    EXPECT_EQ(judged_.judgements[2].verdict, Verdict::changed);
    EXPECT_THAT(failures(), IsEmpty());
}

TEST_F(WaiveParameters, OneWithoutThemIsOfAllValuesTogether) {
    for (auto& one : cases_)
        one.waivers[0].cells = "plain/strict/named/*";
    judged_.judgements[2].verdict = Verdict::changed;
    apply();
    // It waives something of mistral; that llama is as expected does not make it stale.
    EXPECT_EQ(judged_.judgements[2].verdict, Verdict::waived);
    EXPECT_THAT(failures(), IsEmpty());
}

TEST_F(WaiveParameters, IsReportedOnceWhereItMatchesNothing) {
    for (auto& one : cases_)
        one.waivers[0].cells = "[arch=llama]/module/*";
    apply();
    EXPECT_THAT(failures(), ElementsAre(HasSubstr("matches no declared cell")));
}

}  // namespace
}  // namespace exportgate::verdict
