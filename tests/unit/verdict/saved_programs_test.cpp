#include "verdict/saved_programs.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "record/check_table.h"
#include "verdict/upgrade.h"

namespace exportgate::verdict {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Two records of one cell that exports and passes every check; B was given A's program.
class ProgramsOfAnotherTorch : public testing::Test {
  protected:
    ProgramsOfAnotherTorch() {
        const auto text = read_file(EXPORTGATE_SOURCE_DIR
                                    "/tests/recordings/programs/2.13.0/cache_named_strict.txt");
        EXPECT_TRUE(text);
        print_ = text.value_or("");
        matrix::Case mine;
        mine.name = "mine";
        mine.kinds = {matrix::Kind::plain};
        mine.modes = {matrix::Mode::strict};
        mine.dims_styles = {matrix::DimsStyle::named};
        mine.dims = {{"batch", 1, 1024}, {"clength", 1, 1024}};
        mine.inputs = {{"x", {"batch", 8, 7, 1}},
                       {"dc.key_cache[0]", {"batch", 8, "clength", 6}},
                       {"dc.value_cache[0]", {"batch", 8, "clength", 6}}};
        mine.outputs = {{"y", {"batch", 8, 7, 6}}};
        mine.pairs = {{"b3c5", {{"batch", 3}, {"clength", 5}}}};
        cases_ = {mine};
        a_ = record_of("2.9.1", "2.9.1+cu128");
        b_ = record_of("2.10.0", "2.10.0+cu128");
        earlier() = {"2.9.1+cu128", record::CheckStatus::pass, {}, print_};
    }

    record::Record record_of(const std::string& torch, const std::string& build) const {
        record::Record record;
        record.file = torch + ".jsonl";
        record.header.environment.torch = torch;
        record.header.environment.torch_build = build;
        record.header.cases = cases_;
        record.header.cells = {"mine/plain/strict/named/b3c5"};
        for (const auto& check : record::check_table) {
            if (record::is_of_worker(check.name) && !check.is_consumer)
                record.header.checks.emplace(check.name, 1);
        }
        record.footer.complete = true;
        record::Exported program;
        program.print = program.loaded = program.decomposed = program.retraced = print_;
        for (const auto& check : record::check_table) {
            if (record::is_of_worker(check.name) && !check.is_consumer &&
                check.name != "steps")  // which no case asks for
                program.checks.push_back({std::string(check.name), record::CheckStatus::pass, {}});
        }
        record.observations.resize(1);
        record.observations[0].cell = record.header.cells[0];
        record.observations[0].result = program;
        return record;
    }

    record::Earlier& earlier() {
        auto& kept = b_.observations[0].earlier;
        return kept ? *kept : kept.emplace();
    }

    record::Exported& in_a() {
        return std::get<record::Exported>(a_.observations[0].result);
    }

    Upgrade upgraded() const {
        return upgrade(a_, b_, cases_, matrix::cells_of(cases_), false);
    }

    std::string verdict() const {
        return std::string(upgrade_label(upgraded().judged.judgements.at(0).verdict));
    }

    std::vector<Reason> reasons() const {
        return upgraded().judged.judgements.at(0).reasons;
    }

    std::string print_;
    std::vector<matrix::Case> cases_;
    record::Record a_;
    record::Record b_;
};

TEST_F(ProgramsOfAnotherTorch, ThatLoadAndRunAreCountedAndChangeNothing) {
    EXPECT_EQ(verdict(), "same");
    EXPECT_EQ(upgraded().programs.tried, 1U);
    EXPECT_EQ(upgraded().programs.loaded, 1U);
    EXPECT_EQ(upgraded().programs.failing_as_before, 0U);
    EXPECT_THAT(upgraded().programs.not_loaded, IsEmpty());
    EXPECT_THAT(upgraded().programs.not_tried, IsEmpty());
}

TEST_F(ProgramsOfAnotherTorch, ThatDoNotLoadAreARegression) {
    earlier() = {"2.9.1+cu128", record::CheckStatus::fail, {"load raises KeyError: 'x'"}, ""};
    EXPECT_EQ(verdict(), "regressed");
    EXPECT_EQ(upgraded().judged.exit_code, 1);
    EXPECT_THAT(reasons(),
                ElementsAre(Difference{Direction::worse,
                                       OfSavedProgram{"2.9.1", "load raises KeyError: 'x'"}}));
    EXPECT_EQ(upgraded().programs.loaded, 0U);
    EXPECT_THAT(upgraded().programs.not_loaded,
                ElementsAre(testing::Pair("mine/plain/strict/named/b3c5",
                                          ElementsAre("load raises KeyError: 'x'"))));
}

TEST_F(ProgramsOfAnotherTorch, ThatLoadAndRunWrongAreARegression) {
    earlier().status = record::CheckStatus::fail;
    earlier().reasons = {"pair b3c5: differs from eager"};
    EXPECT_EQ(verdict(), "regressed");
    EXPECT_EQ(upgraded().programs.loaded, 1U);
    earlier().reasons.clear();
    EXPECT_THAT(reasons(), ElementsAre(Difference{Direction::worse,
                                                  OfSavedProgram{"2.9.1", "no reason given"}}));
}

TEST_F(ProgramsOfAnotherTorch, ThatRanWrongBeforeAreNoRegression) {
    const std::vector<std::string> raises{"pair b3c5: raises NameError: name 'L' is not defined"};
    for (auto* record : {&a_, &b_}) {
        auto& program = std::get<record::Exported>(record->observations[0].result);
        program.checks[1] = {"run", record::CheckStatus::fail, raises};
    }
    earlier().status = record::CheckStatus::fail;
    earlier().reasons = raises;
    EXPECT_EQ(verdict(), "same");
    EXPECT_EQ(upgraded().programs.loaded, 1U);
    EXPECT_EQ(upgraded().programs.failing_as_before, 1U);
    earlier().reasons.emplace_back("pair b4c11: refused");
    EXPECT_EQ(upgraded().programs.failing_as_before, 0U);
    EXPECT_THAT(reasons(), ElementsAre(Difference{Direction::worse,
                                                  OfSavedProgram{"2.9.1", "pair b4c11: refused"}}));
}

TEST_F(ProgramsOfAnotherTorch, ThatAnotherRevisionLooksAtAreNotWorse) {
    auto& in_b = std::get<record::Exported>(b_.observations[0].result);
    b_.header.checks["run"] = 2;
    in_a().checks[1] = {"run", record::CheckStatus::fail, {"pair b4c11: refused"}};
    in_b.checks[1] = {"run", record::CheckStatus::fail, {"pair b4c11: refused: batch == 3"}, {}, 2};
    earlier().status = record::CheckStatus::fail;
    earlier().reasons = {"pair b4c11: refused: batch == 3"};
    EXPECT_EQ(upgraded().programs.failing_as_before, 1U);
    EXPECT_THAT(reasons(), IsEmpty());

    in_a().checks[1] = {"run", record::CheckStatus::pass, {}};
    EXPECT_EQ(verdict(), "changed");
    EXPECT_EQ(upgraded().programs.failing_as_before, 0U);

    // It is loaded by no revision.
    earlier() = {"2.9.1+cu128", record::CheckStatus::fail, {"load raises KeyError: 'x'"}, ""};
    EXPECT_EQ(verdict(), "regressed");
}

TEST_F(ProgramsOfAnotherTorch, OfAnEarlierWorkerThanAsAreJudgedAllTheSame) {
    a_.header.checks["run"] = 2;
    in_a().checks[1] = {"run", record::CheckStatus::pass, {}, {}, 2};
    EXPECT_NE(verdict(), "unobserved");
    EXPECT_THAT(upgraded().judged.judgements.at(0).not_compared,
                ElementsAre(NotCompared{"run", 2, 1}));
}

TEST_F(ProgramsOfAnotherTorch, OutweighWhatGotBetter) {
    in_a().checks[1] = {"run", record::CheckStatus::fail, {"pair b3c5: raises NameError"}};
    EXPECT_EQ(verdict(), "improved");
    earlier() = {"2.9.1+cu128", record::CheckStatus::fail, {"load raises KeyError: 'x'"}, ""};
    EXPECT_EQ(verdict(), "regressed");
}

TEST_F(ProgramsOfAnotherTorch, OfACellThatIsRejectedNowAreToldToo) {
    b_.observations[0].result = record::Rejected{"export", "ValueError", "no"};
    EXPECT_EQ(upgraded().programs.loaded, 1U);
    earlier() = {"2.9.1+cu128", record::CheckStatus::fail, {"load raises KeyError: 'x'"}, ""};
    EXPECT_EQ(reasons().size(), 2U);
}

TEST_F(ProgramsOfAnotherTorch, WhoseStructureIsAnotherAreToReview) {
    const std::string sum = "aten.sum.dim_IntList";
    ASSERT_NE(earlier().print.find(sum), std::string::npos);
    earlier().print.replace(earlier().print.find(sum), sum.size(), "aten.amax.default");
    EXPECT_EQ(verdict(), "changed");
    EXPECT_THAT(reasons(),
                ElementsAre(Difference{Direction::neither, OfSavedProgram{"2.9.1", ""}}));
    // What saving loses is lost in A already.
    in_a().loaded = earlier().print;
    EXPECT_THAT(reasons(), testing::Not(testing::Contains(Reason(
                               Difference{Direction::neither, OfSavedProgram{"2.9.1", ""}}))));
}

TEST_F(ProgramsOfAnotherTorch, ThatCannotBeReadAreNotTakenOnTrust) {
    earlier().print = "";
    EXPECT_EQ(verdict(), "regressed");
    EXPECT_THAT(reasons(), ElementsAre(Difference{
                               Direction::worse,
                               OfSavedProgram{"2.9.1", "cannot be read: it was not printed"}}));
    EXPECT_EQ(upgraded().programs.loaded, 0U);
    earlier().print = "ExportedProgram: what is this?";
    EXPECT_EQ(verdict(), "regressed");
    EXPECT_EQ(upgraded().programs.not_loaded.size(), 1U);
}

TEST_F(ProgramsOfAnotherTorch, OfAThirdTorchOrOfNoneAreNotCompared) {
    earlier().torch_build = "2.8.0+cu128";
    earlier().status = record::CheckStatus::fail;
    EXPECT_EQ(verdict(), "same");
    EXPECT_EQ(upgraded().programs.tried, 0U);
    b_.observations[0].earlier.reset();
    EXPECT_EQ(verdict(), "same");
    EXPECT_THAT(upgraded().programs.not_tried, ElementsAre("mine/plain/strict/named/b3c5"));
}

TEST_F(ProgramsOfAnotherTorch, ThatNobodyCouldTryAreNotTried) {
    earlier().status = record::CheckStatus::not_applicable;
    earlier().reasons = {"no program was saved"};
    EXPECT_EQ(verdict(), "same");
    EXPECT_EQ(upgraded().programs.tried, 0U);
}

TEST_F(ProgramsOfAnotherTorch, OfAnotherBuildOfTheReleaseAreCountedAndNotCompared) {
    earlier().torch_build = "2.9.1+cpu";
    auto upgraded = upgrade(a_, b_, cases_, matrix::cells_of(cases_), false);
    EXPECT_THAT(upgraded.programs.of_other_builds, ElementsAre(testing::Pair("2.9.1+cpu", 1U)));
    EXPECT_EQ(upgraded.programs.tried, 0U);
    earlier().torch_build = "2.8.0+cpu";
    upgraded = upgrade(a_, b_, cases_, matrix::cells_of(cases_), false);
    EXPECT_THAT(upgraded.programs.of_other_builds, IsEmpty()) << "that of another release";
}

}  // namespace
}  // namespace exportgate::verdict
