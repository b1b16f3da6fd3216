#include "verdict/upgrade.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "record/check_table.h"
#include "verdict/spelling.h"

namespace exportgate::verdict {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// The print of one program, as a release spelt it.
std::string recorded_print(const std::string& release) {
    const auto text = read_file(EXPORTGATE_SOURCE_DIR "/tests/recordings/programs/" + release +
                                "/cache_named_strict.txt");
    EXPECT_TRUE(text) << to_string(text.error());
    return text ? *text : "";
}

std::string with(std::string text, const std::string& old, const std::string& now) {
    const auto place = text.find(old);
    EXPECT_NE(place, std::string::npos) << old;
    return text.replace(place, old.size(), now);
}

/// Carried out by workers, whatever a case asks for.
bool is_for_all(const record::Check& check) {
    return record::is_of_worker(check.name) && !check.is_consumer && check.name != "steps";
}

/// What a print of the cache's program becomes when every check passes.
record::Exported exported(const std::string& print) {
    record::Exported exported;
    exported.print = print;
    exported.loaded = exported.decomposed = exported.retraced = print;
    for (const auto& check : record::check_table) {
        if (is_for_all(check))
            exported.checks.push_back({std::string(check.name), record::CheckStatus::pass, {}});
    }
    return exported;
}

record::Exported raising(const std::string& print) {
    auto program = exported(print);
    program.checks[1] = {"run", record::CheckStatus::fail, {"pair b3c5: raises NameError"}};
    return program;
}

const record::Rejected refusal{"export", "ValueError", "batch became constant"};

/// Two records of one case with one cell, each rejected; each test damages one thing.
class UpgradeOfRecords : public testing::Test {
  protected:
    UpgradeOfRecords() {
        matrix::Case mine;
        mine.name = "mine";
        mine.kinds = {matrix::Kind::plain};
        mine.modes = {matrix::Mode::strict};
        mine.dims_styles = {matrix::DimsStyle::named};
        mine.dims = {{"batch", 1, 1024}, {"clength", 1, 1024}};
        mine.inputs = {{"x", {"batch", 8, 7, 1}, "float32"},
                       {"dc.key_cache[0]", {"batch", 8, "clength", 6}, "float32"},
                       {"dc.value_cache[0]", {"batch", 8, "clength", 6}, "float32"}};
        mine.outputs = {{"y", {"batch", 8, 7, 6}, "float32"}};
        mine.pairs = {{"b3c5", {{"batch", 3}, {"clength", 5}}}};
        cases_ = {mine};
        a_ = record_of("2.9.1");
        b_ = record_of("2.10.0");
    }

    record::Record record_of(const std::string& torch) const {
        record::Record record;
        record.file = torch + ".jsonl";
        record.header.environment.torch = torch;
        record.header.cases = cases_;
        record.footer.complete = true;
        for (const matrix::Cell& cell : matrix::cells_of(cases_)) {
            record.header.cells.push_back(cell.name());
            for (const auto& check : record::check_table) {
                if (record::is_of_worker(check.name)) record.header.checks.emplace(check.name, 1);
            }
            record.observations.push_back({cell.name(), refusal, {{"total", 0.5}}, ""});
        }
        return record;
    }

    Upgrade upgraded(bool strict = false) const {
        return upgrade(a_, b_, cases_, matrix::cells_of(cases_), strict);
    }

    /// The label of the first cell with these two results.
    std::string verdict(decltype(record::Observation::result) before,
                        decltype(record::Observation::result) after) {
        a_.observations[0].result = std::move(before);
        b_.observations[0].result = std::move(after);
        return std::string(upgrade_label(upgraded().judged.judgements.at(0).verdict));
    }

    int exit_code(bool strict = false) const {
        return upgraded(strict).judged.exit_code;
    }

    std::vector<Reason> reasons() const {
        return upgraded().judged.judgements.at(0).reasons;
    }

    std::string problems() const {
        std::string text;
        for (const Error& error : upgraded().judged.problems)
            text += to_string(error) + "\n";
        return text;
    }

    std::vector<matrix::Case> cases_;
    record::Record a_;
    record::Record b_;
};

TEST_F(UpgradeOfRecords, EqualOutcomesAreTheSame) {
    EXPECT_EQ(verdict(refusal, refusal), "same");
    EXPECT_EQ(exit_code(), 0);
    EXPECT_EQ(exit_code(true), 0);
    EXPECT_THAT(reasons(), IsEmpty());
    const auto print = recorded_print("2.13.0");
    EXPECT_EQ(verdict(exported(print), exported(print)), "same");
    EXPECT_THAT(upgraded().spellings, IsEmpty());
    EXPECT_EQ(upgraded().judged.environment.torch, "2.10.0");
    EXPECT_EQ(upgraded().judged.judgements[0].expectation, "on torch 2.9.1");
    EXPECT_DOUBLE_EQ(upgraded().judged.judgements[0].seconds, 0.5);
}

TEST_F(UpgradeOfRecords, TheSpellingOfAnotherReleaseIsCosmeticAndNeverChanged) {
    const auto old_print = recorded_print("2.6.0");
    const auto new_print = recorded_print("2.13.0");
    EXPECT_EQ(verdict(exported(old_print), exported(new_print)), "cosmetic");
    EXPECT_EQ(exit_code(true), 0);
    EXPECT_EQ(upgraded().spellings.at("mine/plain/strict/named/b3c5"),
              (Spelling{"x: \"f32[s0, 8, 7, 1]\"", "x: \"f32[s27, 8, 7, 1]\""}));
    EXPECT_EQ(verdict(exported(new_print), exported(old_print)), "cosmetic");
}

TEST_F(UpgradeOfRecords, WhereANodeComesFromAndBlanksAreNoSpelling) {
    const auto print = recorded_print("2.13.0");
    EXPECT_EQ(verdict(exported(print),
                      exported(with(print, "# File: /path/to/", "# File: /another/path/"))),
              "same");
    EXPECT_EQ(verdict(exported(print),
                      exported(with(print, "            # File", "             # \n      # File"))),
              "same");
    EXPECT_EQ(verdict(exported(print), exported(with(print, "        def ", "      def  "))),
              "same");
}

TEST_F(UpgradeOfRecords, AMessageInOtherWordsForTheSameSymbolsIsCosmetic) {
    const record::Rejected old{"export", "ValueError", "  File \"/a/x.py\", line 1, in f\ns0 is 3"};
    const record::Rejected now{"export", "ValueError", "  File \"/b/x.py\", line 9, in f\ns0 is 3"};
    const record::Rejected hashed{"export", "ValueError",
                                  "  File \"/b/x.py\", line 9, in f\ns77 is 3"};
    EXPECT_EQ(verdict(old, now), "same") << "folders and lines differ from run to run";
    EXPECT_EQ(verdict(old, hashed), "cosmetic");
    EXPECT_EQ(upgraded().spellings.at("mine/plain/strict/named/b3c5"),
              (Spelling{"s0 is 3", "s77 is 3"}));
}

TEST_F(UpgradeOfRecords, WordsOfAnotherRevisionOfACheckAreNoSpelling) {
    const auto said = [](const std::string& note, int revision) {
        record::Exported program = exported(recorded_print("2.13.0"));
        program.checks[1].notes = {note};
        program.checks[1].revision = revision;
        return record::Observation{"mine/plain/strict/named/b3c5", program, {}, ""};
    };
    EXPECT_EQ(first_other_spelling(said("tried 5", 1), said("tried 6", 1)),
              (Spelling{"tried 5", "tried 6"}));
    EXPECT_EQ(first_other_spelling(said("tried 5", 1), said("tried 6", 2)), std::nullopt);
}

TEST_F(UpgradeOfRecords, ADecomposedProgramOnOneSideOnlyIsNoSpelling) {
    const auto print = recorded_print("2.13.0");
    record::Exported without = exported(print);
    without.decomposed.clear();
    const auto seen = [](const record::Exported& program) {
        return record::Observation{"mine/plain/strict/named/b3c5", program, {}, ""};
    };
    EXPECT_EQ(first_other_spelling(seen(exported(print)), seen(without)), std::nullopt);
    EXPECT_EQ(first_other_spelling(seen(without), seen(exported(print))), std::nullopt);
    record::Exported other = exported(print);
    other.decomposed = "another\n";
    EXPECT_TRUE(first_other_spelling(seen(exported(print)), seen(other)));
}

TEST_F(UpgradeOfRecords, FramesOfTheFrameworkAreNoSpelling) {
    const record::Rejected with_frames{
        "export", "ValueError",
        "batch is 3\n\nFramework stack:\n  File \"/a/ceval.c\", line 1, in f\n\nmore"};
    const record::Rejected without{"export", "ValueError", "batch is 3\nmore"};
    EXPECT_EQ(verdict(with_frames, without), "same");
}

TEST_F(UpgradeOfRecords, AReasonOfACheckInOtherWordsIsCosmetic) {
    const auto print = recorded_print("2.13.0");
    auto before = raising(print);
    auto after = before;
    before.checks[1].reasons = {"pair b3c5: s0 is 3"};
    after.checks[1].reasons = {"pair b3c5: s77 is 3"};
    EXPECT_EQ(verdict(before, after), "cosmetic");
}

TEST_F(UpgradeOfRecords, ARefusalThatExportsNowIsImproved) {
    EXPECT_EQ(verdict(refusal, exported(recorded_print("2.13.0"))), "improved");
    EXPECT_EQ(exit_code(), 0);
    EXPECT_EQ(exit_code(true), 0) << "strict is about what is to review";
    EXPECT_THAT(reasons(), ElementsAre(Difference{Direction::better,
                                                  EndsOtherwise{"rejected in export: ValueError",
                                                                "exported", "exported"}}));
}

TEST_F(UpgradeOfRecords, AProgramThatIsRefusedNowIsRegressed) {
    EXPECT_EQ(verdict(exported(recorded_print("2.13.0")), refusal), "regressed");
    EXPECT_EQ(exit_code(), 1);
    EXPECT_THAT(reasons(),
                ElementsAre(Difference{Direction::worse,
                                       EndsOtherwise{"exported", "rejected in export: ValueError",
                                                     "rejected in export"}}));
}

TEST_F(UpgradeOfRecords, AProgramThatRaisesNowIsRegressedAndBackIsImproved) {
    const auto print = recorded_print("2.13.0");
    EXPECT_EQ(verdict(exported(print), raising(print)), "regressed");
    EXPECT_EQ(exit_code(), 1);
    EXPECT_EQ(verdict(raising(print), exported(print)), "improved");
    EXPECT_EQ(exit_code(), 0);
}

TEST_F(UpgradeOfRecords, AnotherProgramIsChangedBothWaysAndFailsOnlyWithStrict) {
    const auto print = recorded_print("2.13.0");
    const auto other = with(print, "aten.sum.dim_IntList", "aten.mean.dim");
    EXPECT_EQ(verdict(exported(print), exported(other)), "changed");
    EXPECT_EQ(exit_code(), 0);
    EXPECT_EQ(exit_code(true), 1);
    EXPECT_EQ(verdict(exported(other), exported(print)), "changed");
    EXPECT_TRUE(is_to_review(upgraded().judged.judgements[0]));
}

TEST_F(UpgradeOfRecords, ADowngradeIsJudgedTheSameWay) {
    std::swap(a_, b_);
    EXPECT_EQ(verdict(refusal, exported(recorded_print("2.13.0"))), "improved");
    EXPECT_EQ(upgraded().before.name, "2.10.0");
    EXPECT_EQ(upgraded().after.name, "2.9.1");
}

TEST_F(UpgradeOfRecords, ACellThatOneRecordLacksIsUnobserved) {
    auto kept = a_.observations;
    a_.observations.clear();
    EXPECT_THAT(reasons(), ElementsAre(Obstacle{"2.9.1", "the record does not hold this cell"}));
    EXPECT_EQ(exit_code(), 2);
    a_.observations = kept;
    b_.observations.clear();
    EXPECT_THAT(reasons(), ElementsAre(Obstacle{"2.10.0", "the record does not hold this cell"}));
    EXPECT_EQ(exit_code(), 2);
    a_.observations.clear();
    EXPECT_THAT(reasons(), SizeIs(2));
    EXPECT_EQ(exit_code(), 2);
}

TEST_F(UpgradeOfRecords, WhatCouldNotBeSeenOrReadIsUnobservedOnEitherSide) {
    const record::Exported unreadable = exported("ExportedProgram:\n  gibberish\n");
    EXPECT_EQ(verdict(record::Unobserved{"the worker died"}, refusal), "unobserved");
    EXPECT_THAT(reasons(), ElementsAre(Obstacle{"2.9.1", "the worker died"}));
    EXPECT_EQ(exit_code(), 2);
    EXPECT_EQ(verdict(refusal, record::Unobserved{"the worker died"}), "unobserved");
    EXPECT_THAT(reasons(), ElementsAre(Obstacle{"2.10.0", "the worker died"}));
    EXPECT_EQ(verdict(unreadable, unreadable), "unobserved") << "never equal";
    EXPECT_EQ(verdict(refusal, unreadable), "unobserved");
    EXPECT_THAT(reasons(),
                ElementsAre(testing::VariantWith<Obstacle>(testing::AllOf(
                    testing::Field(&Obstacle::side, "2.10.0"),
                    testing::Field(&Obstacle::why, HasSubstr("mine/plain/strict/named/b3c5:"))))));
    EXPECT_EQ(exit_code(), 2);
}

const record::Rejected at_import{"import", "ImportError", "no module named transformers"};
const record::Rejected at_register{"register", "TypeError", "no keyword serialized_type_name"};

TEST_F(UpgradeOfRecords, AnErrorOfTheCaseSaysNothingOfTorchWhereOtherThingsDiffer) {
    EXPECT_EQ(verdict(at_import, at_import), "case error") << "two broken cases are no GO";
    EXPECT_EQ(exit_code(), 2);
    EXPECT_THAT(
        reasons(),
        ElementsAre(CaseError{"2.10.0", "import: ImportError: no module named transformers", ""},
                    RemedyOfCaseError{"import"},
                    PossibleCause{"the code of the cases or the worker"}));
    EXPECT_EQ(verdict(refusal, at_import), "case error");
    EXPECT_EQ(verdict(record::Crashed{"export", 11, 0}, at_import), "case error");
    const record::TimedOut never_started{"start", 120};
    EXPECT_EQ(verdict(never_started, never_started), "case error");
    EXPECT_EQ(verdict(exported(recorded_print("2.13.0")), at_import), "case error");
    EXPECT_EQ(exit_code(), 2);
    EXPECT_EQ(verdict(at_import, refusal), "case error");
    EXPECT_EQ(std::get<CaseError>(reasons().at(0)).side, "2.9.1");
    EXPECT_EQ(exit_code(), 2);
}

TEST_F(UpgradeOfRecords, WhereNothingButTorchDiffersFailingEarlierIsWorse) {
    a_.header.inputs_digest = b_.header.inputs_digest = "0123456789abcdef";
    a_.header.environment.packages = {{"numpy", "2.1"}, {"torch", "2.9.1"}, {"triton", "3"}};
    b_.header.environment.packages = {{"numpy", "2.1"}, {"torch", "2.10.0"}};
    EXPECT_EQ(verdict(exported(recorded_print("2.13.0")), at_register), "regressed");
    EXPECT_EQ(exit_code(), 1);
    EXPECT_THAT(reasons(),
                ElementsAre(Difference{
                    Direction::worse,
                    FailsBeforeExport{true, "register",
                                      "register: TypeError: no keyword serialized_type_name"}}));
    EXPECT_THAT(places_of(reasons()), ElementsAre("fails in register"));
    EXPECT_EQ(verdict(refusal, at_register), "regressed");
    EXPECT_EQ(verdict(at_register, at_import), "regressed") << "A came further";
    EXPECT_EQ(verdict(at_import, at_register), "case error") << "torch was asked in neither";
    EXPECT_EQ(verdict(at_import, at_import), "case error");
    EXPECT_EQ(verdict(at_register, refusal), "improved");
    EXPECT_EQ(exit_code(), 0);
    EXPECT_THAT(
        reasons(),
        ElementsAre(Difference{
            Direction::better,
            FailsBeforeExport{false, "", "register: TypeError: no keyword serialized_type_name"}}));
    b_.header.environment.packages["numpy"] = "2.2";
    EXPECT_EQ(verdict(refusal, at_register), "case error");
    EXPECT_EQ(reasons().back(), Reason(PossibleCause{"package numpy"}));
    EXPECT_THAT(places_of(reasons()), IsEmpty()) << "no waiver can name it";
    b_.header.environment.packages = a_.header.environment.packages;
    b_.header.environment.python = "3.12.1";
    EXPECT_EQ(verdict(refusal, at_register), "case error");
    EXPECT_EQ(exit_code(), 2);
}

TEST_F(UpgradeOfRecords, AnErrorThatTheCaseExpectsIsAnOutcomeAsAnyOther) {
    cases_[0].expected_stages[matrix::Kind::plain] = "register";
    EXPECT_EQ(verdict(at_register, at_register), "same");
    EXPECT_EQ(exit_code(), 0);
    EXPECT_EQ(verdict(exported(recorded_print("2.13.0")), at_register), "regressed");
    EXPECT_EQ(verdict(at_register, at_import), "case error") << "another stage is not expected";
}

TEST_F(UpgradeOfRecords, AProgramThatNobodyCouldCallIsNoLoss) {
    const auto print = recorded_print("2.13.0");
    EXPECT_EQ(verdict(raising(print), refusal), "changed");
    EXPECT_EQ(exit_code(), 0);
    EXPECT_EQ(exit_code(true), 1);
    EXPECT_EQ(verdict(refusal, raising(print)), "changed");
    EXPECT_EQ(verdict(exported(print), refusal), "regressed");
}

TEST_F(UpgradeOfRecords, AnIncompleteRecordIsNeverAGo) {
    for (record::Record* record : {&a_, &b_}) {
        record->footer = {false, "interrupted", 0, {}};
        EXPECT_EQ(exit_code(), 2);
        EXPECT_THAT(problems(),
                    HasSubstr(record->file + ": the record is incomplete: interrupted"));
        record->footer = {true, "", 0, {}};
    }
    EXPECT_EQ(exit_code(), 0);
}

TEST_F(UpgradeOfRecords, ARecordOfAnotherDeclarationCannotBeJudged) {
    for (record::Record* record : {&a_, &b_}) {
        record->header.cases[0].dims[0].max = 512;
        EXPECT_EQ(exit_code(), 2);
        EXPECT_THAT(problems(),
                    HasSubstr(record->file + ": recorded with another declaration of case mine"));
        EXPECT_EQ(upgraded().judged.judgements[0].verdict, Verdict::unobserved);
        record->header.cases[0].dims[0].max = 1024;
    }
    EXPECT_EQ(exit_code(), 0);
}

TEST_F(UpgradeOfRecords, CellsThatNoCaseDeclaresAreAProblem) {
    for (record::Record* record : {&a_, &b_}) {
        record->observations.push_back({"mine/native/strict/named/b3c5", refusal, {}, ""});
        EXPECT_EQ(exit_code(), 2);
        EXPECT_THAT(problems(), HasSubstr("1 observed cells are not declared"));
        record->observations.pop_back();
    }
}

TEST_F(UpgradeOfRecords, OneRecordOnBothSidesHasItsProblemsOnce) {
    a_.footer.complete = false;
    b_ = a_;
    EXPECT_THAT(upgraded().judged.problems, SizeIs(1));
}

TEST_F(UpgradeOfRecords, NothingJudgedIsNotGood) {
    const auto nothing = upgrade(a_, b_, cases_, {}, false);
    EXPECT_EQ(nothing.judged.exit_code, 2);
    EXPECT_THAT(nothing.judged.problems, SizeIs(1));
}

/// The case starts at B's torch; A does not hold it.
class CaseOfALaterTorch : public UpgradeOfRecords {
  protected:
    CaseOfALaterTorch() {
        cases_[0].first_torch = *TorchVersion::parse("2.10.0");
        a_ = record_of("2.9.1");
        b_ = record_of("2.10.0");
        a_.observations.clear();
    }

    Judgement new_cell(decltype(record::Observation::result) result) {
        b_.observations[0].result = std::move(result);
        return upgraded().judged.judgements.at(0);
    }
};

TEST_F(CaseOfALaterTorch, IsNewAndPassesWhereItWorks) {
    const auto cell = new_cell(exported(recorded_print("2.13.0")));
    EXPECT_EQ(cell.verdict, Verdict::new_);
    EXPECT_FALSE(is_to_review(cell));
    EXPECT_EQ(exit_code(true), 0);
    EXPECT_THAT(cell.reasons,
                ElementsAre(NothingExpected{"case mine starts at torch 2.10.0, not at 2.9.1"}));
}

TEST_F(CaseOfALaterTorch, IsToReviewWhereItDoesNotWork) {
    EXPECT_TRUE(is_to_review(new_cell(refusal)));
    EXPECT_EQ(exit_code(), 0);
    EXPECT_EQ(exit_code(true), 1);
    EXPECT_TRUE(is_to_review(new_cell(raising(recorded_print("2.13.0")))));
    EXPECT_TRUE(is_to_review(new_cell(record::Crashed{"export", 11, 0})));
}

TEST_F(CaseOfALaterTorch, IsUnobservedWhereTheNewRecordLacksIt) {
    b_.observations.clear();
    EXPECT_EQ(exit_code(), 2);
    EXPECT_THAT(reasons(), ElementsAre(Obstacle{"2.10.0", "the record does not hold this cell"}));
}

TEST_F(CaseOfALaterTorch, IsAnErrorOfTheCaseWhereItCannotBeImported) {
    EXPECT_EQ(new_cell(record::Rejected{"import", "ImportError", "no"}).verdict,
              Verdict::case_error);
    EXPECT_EQ(exit_code(), 2);
}

TEST_F(CaseOfALaterTorch, IsComparedWhereItWasObservedAllTheSame) {
    a_ = record_of("2.9.1");
    EXPECT_EQ(verdict(refusal, refusal), "same");
}

TEST_F(CaseOfALaterTorch, IsLostWhenGoingBack) {
    std::swap(a_, b_);
    a_.observations[0].result = exported(recorded_print("2.13.0"));
    EXPECT_EQ(upgraded().judged.judgements.at(0).verdict, Verdict::regressed);
    EXPECT_THAT(reasons(), ElementsAre(Difference{
                               Direction::worse,
                               NoLongerThere{"case mine starts at torch 2.10.0, not at 2.9.1"}}));
    EXPECT_THAT(places_of(reasons()), ElementsAre("no longer there"));
    EXPECT_EQ(exit_code(), 1);
    a_.observations[0].result = refusal;
    EXPECT_EQ(upgraded().judged.judgements.at(0).verdict, Verdict::changed)
        << "nothing that worked is lost";
}

TEST_F(CaseOfALaterTorch, IsLeftOutWhereNeitherSideIsThatFar) {
    a_ = record_of("2.8.0");
    b_ = record_of("2.9.1");
    a_.observations.clear();
    b_.observations.clear();
    EXPECT_THAT(upgraded().judged.judgements, IsEmpty());
    EXPECT_EQ(exit_code(), 2) << "nothing was judged";
}

TEST_F(UpgradeOfRecords, SidesHaveNamesThatTellThemApart) {
    EXPECT_EQ(upgraded().before.name, "2.9.1");
    EXPECT_EQ(upgraded().after.name, "2.10.0");
    b_.header.environment.torch = "2.9.1";
    EXPECT_EQ(upgraded().before.name, "before");
    EXPECT_EQ(upgraded().after.name, "after");
    b_.header.environment.name = "nightly";
    a_.header.environment.name = "default";
    EXPECT_EQ(upgraded().before.name, "2.9.1 (default)");
    EXPECT_EQ(upgraded().after.name, "2.9.1 (nightly)");
}

TEST_F(UpgradeOfRecords, WhatCannotBeJudgedOutweighsWhatFails) {
    auto result = upgraded();
    result.judged.failures = {{"case.toml", 7, "a waiver has expired", ""}};
    settle(result);
    EXPECT_EQ(result.judged.exit_code, 1);
    result.judged.problems = {{"a.jsonl", 0, "the record is incomplete", ""}};
    settle(result);
    EXPECT_EQ(result.judged.exit_code, 2);
    result.judged.problems.clear();
    result.judged.failures.clear();
    result.judged.judgements[0].verdict = Verdict::waived;
    settle(result);
    EXPECT_EQ(result.judged.exit_code, 0);
    EXPECT_FALSE(blocks(result.judged.judgements[0], true));
}

}  // namespace
}  // namespace exportgate::verdict
