#include "report/matrix_table.h"

#include <gmock/gmock.h>

#include "document/console.h"
#include "report/failing_checks.h"
#include "samples.h"

namespace exportgate::report {
namespace {

using outcome::CheckResult;
using samples::CheckStatus;
using samples::Outcome;
using samples::Status;
using samples::Verdict;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Outcome with_failing(const std::vector<std::string>& checks) {
    Outcome outcome{Status::exported, "graph", {}};
    for (const auto* name : {"dims", "run", "pytree", "registry"}) {
        const bool fails = std::find(checks.begin(), checks.end(), name) != checks.end();
        outcome.checks.push_back({name, fails ? CheckStatus::fail : CheckStatus::pass, {}});
    }
    return outcome;
}

/// Three small cases, and one that has two pairs; every cell is as expected and passes all checks.
std::vector<verdict::Judgement> four_cases() {
    matrix::Case big;
    big.name = "big";
    big.kinds = {matrix::Kind::plain};
    big.modes = {matrix::Mode::strict};
    big.dims_styles = {matrix::DimsStyle::named};
    big.pairs = {{"b3", {}}, {"b4", {}}};
    auto one = big;
    one.name = "one";
    one.pairs = {{"b3", {}}};
    auto another = one;
    another.name = "another_one";
    another.kinds = {matrix::Kind::plain, matrix::Kind::module};
    auto third = another;
    third.name = "third";
    third.dims_styles = {matrix::DimsStyle::fixed};
    std::vector<verdict::Judgement> judgements;
    for (const auto& cell : matrix::cells_of(std::vector{one, big, another, third})) {
        verdict::Judgement judgement{};
        judgement.cell = cell;
        judgement.observed = with_failing({});
        judgements.push_back(judgement);
    }
    return judgements;
}

TEST(Letter, ACapitalFOnlyWhereTheProgramIsNotWhatWasAsked) {
    const auto letter = [](const Outcome& outcome) {
        return letter_of(outcome::grade_of(outcome));
    };
    EXPECT_EQ(letter(with_failing({})), 'E');
    EXPECT_EQ(letter(with_failing({"pytree"})), 'e');
    EXPECT_EQ(letter(with_failing({"pytree", "registry"})), 'e');
    EXPECT_EQ(letter(with_failing({"run"})), 'F');
    EXPECT_EQ(letter(with_failing({"run", "registry"})), 'F');
    for (const auto* check : {"bounds", "save_load", "decompose", "retrace"})
        EXPECT_EQ(letter(Outcome{Status::exported, "", {{check, CheckStatus::fail, {}}}}), 'e');
    for (const auto* check : {"dims", "constants", "run"})
        EXPECT_EQ(letter(Outcome{Status::exported, "", {{check, CheckStatus::fail, {}}}}), 'F');
}

TEST(MatrixTable, SmallCasesAreTheLinesOfOneBlock) {
    auto judgements = four_cases();
    judgements.back().observed = with_failing({"run"});
    EXPECT_EQ(document::console(matrix_table(judgements, 100), {}),
              "big   in each field: b3 b4\n"
              "       strict\n"
              "       named\n"
              "plain  E E\n"
              "\n"
              "3 cases of one pair   in each field: plain module\n"
              "             strict\n"
              "             named  static\n"
              "one          E\n"
              "another_one  E E\n"
              "third               E F\n"
              "\n"
              "E exported, all checks pass   F exported, not as asked: check dims, constants, "
              "run or steps fails\n");
}

TEST(MatrixTable, OneSmallCaseHasABlockAsAnyOther) {
    auto judgements = four_cases();
    judgements.resize(1);
    EXPECT_THAT(document::console(matrix_table(judgements, 100), {}),
                HasSubstr("one   in each field: b3\n       strict\n"));
}

TEST(MatrixTable, TheLegendIsBrokenBetweenItsEntries) {
    auto judgements = four_cases();
    judgements.front().observed = with_failing({"registry"});
    EXPECT_THAT(document::console(matrix_table(judgements, 40), {}),
                HasSubstr("\nE exported, all checks pass\ne exported, runs as asked; "));
}

TEST(FailingChecks, NoneIsNothing) {
    EXPECT_THAT(document::console(failing_checks(four_cases(), 100), {}), IsEmpty());
}

TEST(FailingChecks, ThoseThatWereExpectedNotToFailAreCounted) {
    auto judgements = four_cases();
    for (auto& judgement : judgements)
        judgement.observed = judgement.expected = with_failing({"registry"});
    judgements.front().expected.reset();
    judgements.back().observed = with_failing({"run", "registry"});
    judgements.back().verdict = Verdict::regressed;
    EXPECT_EQ(document::console(failing_checks(judgements, 100), {}),
              "Failing checks, of 7 exported cells\n"
              "  run          1  (1 newly) third/module/strict/static/b3\n"
              "  registry     7  one (all 1), big (all 2), "
              "another_one (all 2), third (all 2)\n");
}

TEST(FailingChecks, ManyCellsAreCutAtTheEdge) {
    auto judgements = four_cases();
    for (auto& judgement : judgements)
        judgement.observed = with_failing({"registry"});
    EXPECT_THAT(document::console(failing_checks(judgements, 60), {}),
                HasSubstr("7  one (all 1), big (all 2), 2 more\n"));
}

TEST(FailingChecks, ACellThatWasNotExportedDoesNotCount) {
    auto judgements = four_cases();
    judgements[0].observed = with_failing({"registry"});
    judgements[1].observed = samples::rejected("no");
    judgements[2].observed.reset();
    judgements[3].observed = with_failing({"registry"});
    EXPECT_EQ(document::console(failing_checks(judgements, 60), {}),
              "Failing checks, of 5 exported cells\n"
              "  registry     2  one (all 1), another_one (1 of 2)\n");
}

}  // namespace
}  // namespace exportgate::report
