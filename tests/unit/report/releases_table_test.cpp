#include "report/releases_table.h"

#include <gmock/gmock.h>

#include "report/releases_page.h"

namespace exportgate::report {
namespace {

using outcome::CheckStatus;
using outcome::Outcome;
using outcome::Status;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Outcome program(const std::string& text = "graph") {
    return {Status::exported, text, {{"run", CheckStatus::pass, {}}}};
}

Outcome failing(const std::string& reason) {
    return {Status::exported, "graph", {{"run", CheckStatus::fail, {reason}}}};
}

Outcome refusal(const std::string& message) {
    return {Status::rejected,
            "exportgate rejected 2\nstage: export\nexception: E\nmessage:\n  " + message + "\n",
            {}};
}

/// A case of 2 kinds x 2 dims styles x 2 pairs that exports everything in three releases; each test
/// changes something.
class Releases : public testing::Test {
  protected:
    Releases() {
        matrix::Case mine;
        mine.name = "mine";
        mine.kinds = {matrix::Kind::plain, matrix::Kind::module};
        mine.modes = {matrix::Mode::strict};
        mine.dims_styles = {matrix::DimsStyle::named, matrix::DimsStyle::fixed};
        mine.pairs = {{"b3", {{"batch", 3}}}, {"b4", {{"batch", 4}}}};
        cases_ = {mine};
        cells_ = matrix::cells_of(cases_);
        for (const auto* name : {"2.6.0", "2.8.0", "2.9.1"}) {
            releases_.push_back({name, {}});
            releases_.back().cells.assign(cells_.size(), {program(), ""});
        }
    }

    verdict::CellSeen& at(std::size_t release, const std::string& cell) {
        for (std::size_t i = 0; i < cells_.size(); ++i) {
            if (cells_[i].name() == "mine/" + cell) return releases_[release].cells[i];
        }
        throw std::out_of_range(cell);
    }
    /// At both pairs.
    void set(std::size_t release, const std::string& cells, const Outcome& outcome) {
        for (const auto* pair : {"/b3", "/b4"})
            at(release, cells + pair).outcome = outcome;
    }

    ReleasesTable table() const {
        return releases_table(cases_, cells_, releases_);
    }

    /// Each row as "E E² R".
    std::vector<std::string> rows() const {
        std::vector<std::string> lines;
        const auto made = table();
        for (const auto& row : made.blocks.at(0).rows) {
            std::string line;
            for (const auto& entry : row.entries)
                line += (line.empty() ? "" : " ") + symbol(entry);
            lines.push_back(line);
        }
        return lines;
    }

    std::vector<std::string> headings() const {
        const auto made = table();
        std::vector<std::string> words;
        for (const auto& column : made.blocks.at(0).columns)
            words.push_back(heading(made, column));
        return words;
    }

    std::vector<matrix::Case> cases_;
    std::vector<matrix::Cell> cells_;
    std::vector<verdict::Release> releases_;
};

TEST_F(Releases, WhatIsTheSameEverywhereIsOneRowAndOneColumn) {
    EXPECT_THAT(rows(), ElementsAre("E"));
    EXPECT_THAT(headings(), ElementsAre("2.6.0 – 2.9.1"));
    EXPECT_THAT(table().notes, IsEmpty());
    EXPECT_EQ(summary(table()), "8 cells, 3 releases (2.6.0 to 2.9.1): 1 row tells them apart");
    const auto set = table().blocks[0].rows[0].cells;
    ASSERT_THAT(set, SizeIs(1));
    EXPECT_THAT(set[0].parts[1], ElementsAre("*"));
    EXPECT_THAT(set[0].parts[2], ElementsAre("strict"));
    EXPECT_THAT(table().blocks[0].labels, ElementsAre(1));
    EXPECT_THAT(table().blocks[0].stars, ElementsAre("every kind (plain, module)"));
}

TEST_F(Releases, RowsThatDifferInOneReleaseOnlyAreNotMerged) {
    set(1, "module/strict/named", refusal("no"));
    EXPECT_THAT(rows(), ElementsAre("E E E", "E R E"));
    EXPECT_THAT(headings(), ElementsAre("2.6.0", "2.8.0", "2.9.1"));
    EXPECT_EQ(table().blocks[0].rows[1].count, 2);
}

TEST_F(Releases, PairsThatDifferInOneReleaseOnlyAreNotMerged) {
    at(2, "module/strict/named/b4").outcome = refusal("no");
    EXPECT_THAT(rows(), ElementsAre("E E", "E R"));
    EXPECT_THAT(headings(), ElementsAre("2.6.0, 2.8.0", "2.9.1"));
}

TEST_F(Releases, AnotherProgramShowsAndTheFirstOneAgain) {
    set(1, "plain/strict/named", program("graph with assertions"));
    EXPECT_THAT(rows(), ElementsAre("E E² E", "E E E"));
    EXPECT_THAT(table().notes, ElementsAre("unlike E: the exported program differs"));
    EXPECT_THAT(legend(table()),
                ElementsAre("E exported, all checks pass",
                            "E² another program or message than E of the same row"));
}

TEST_F(Releases, AThirdProgramIsComparedWithTheOneBefore) {
    set(1, "plain/strict/named", program("second"));
    set(2, "plain/strict/named", program("third"));
    EXPECT_THAT(rows(), ElementsAre("E E² E³", "E E E"));
    EXPECT_THAT(table().notes, ElementsAre("unlike E: the exported program differs",
                                           "unlike E²: the exported program differs"));
}

TEST_F(Releases, ProgramsThatDifferFromCellToCellButNotFromReleaseToReleaseAreOneRow) {
    for (std::size_t release = 0; release < 3; ++release) {
        for (std::size_t i = 0; i < cells_.size(); ++i)
            releases_[release].cells[i].outcome = program(cells_[i].name());
    }
    EXPECT_THAT(rows(), ElementsAre("E"));
}

TEST_F(Releases, AnotherMessageUnderTheSameHeadlineShows) {
    for (std::size_t release = 0; release < 3; ++release)
        set(release, "plain/strict/named", refusal("no\n\n  because of this"));
    set(2, "plain/strict/named", refusal("no\n\n  because of that"));
    EXPECT_THAT(rows(), ElementsAre("R R²", "E E"));
    EXPECT_THAT(
        table().notes,
        ElementsAre("rejected in export: E: no",
                    "as [1], but the message says \"because of that\" instead of \"because of "
                    "this\""));
}

TEST_F(Releases, AnotherHeadlineHasItsOwnNote) {
    for (std::size_t release = 0; release < 3; ++release)
        set(release, "plain/strict/named", refusal(release == 0 ? "no" : "never"));
    EXPECT_THAT(rows(), ElementsAre("R R²", "E E"));
    EXPECT_THAT(table().notes,
                ElementsAre("rejected in export: E: no", "rejected in export: E: never"));
}

TEST_F(Releases, MessagesThatDifferInTheNumbersOfThePairAreOneRow) {
    at(2, "plain/strict/named/b3").outcome = refusal("constant (3)");
    at(2, "plain/strict/named/b4").outcome = refusal("constant (4)");
    EXPECT_THAT(rows(), ElementsAre("E R", "E E"));
    EXPECT_THAT(table().notes, ElementsAre("rejected in export: E: constant (3 or 4)"));
}

TEST_F(Releases, MessagesThatDifferInOtherNumbersAreNot) {
    at(2, "plain/strict/named/b3").outcome = refusal("constant (3)");
    at(2, "plain/strict/named/b4").outcome = refusal("constant (7)");
    EXPECT_THAT(rows(), ElementsAre("E R", "E R", "E E"));
}

TEST_F(Releases, NeitherAreNumbersInWhatDiffers) {
    for (std::size_t release = 0; release < 3; ++release)
        set(release, "plain/strict/named", refusal("no\n\n  got 1"));
    at(2, "plain/strict/named/b3").outcome = refusal("no\n\n  got 3");
    at(2, "plain/strict/named/b4").outcome = refusal("no\n\n  got 4");
    EXPECT_THAT(rows(), ElementsAre("R R²", "E E"));
    at(2, "plain/strict/named/b4").outcome = refusal("no\n\n  got 7");
    EXPECT_THAT(rows(), ElementsAre("R R²", "R R²", "E E"));
}

TEST_F(Releases, RowsWithTheSameNotesAndOtherMarksAreNotMerged) {
    for (std::size_t release = 0; release < 3; ++release) {
        set(release, "plain/strict/named", refusal(release == 1 ? "never" : "no"));
        set(release, "plain/strict/static", refusal(release == 1 ? "never" : "no"));
    }
    set(2, "plain/strict/static", refusal("no\n\n  because of this"));
    EXPECT_THAT(rows(), ElementsAre("R R² R", "R R² R³", "E E E"));
}

TEST_F(Releases, ReasonsOfAFailingCheckTellRowsApart) {
    set(2, "plain/strict/named", failing("one"));
    set(2, "module/strict/named", failing("another"));
    EXPECT_THAT(rows(), ElementsAre("E F", "E E", "E F"));
    EXPECT_THAT(table().notes, ElementsAre("check run fails: one", "check run fails: another"));
}

TEST_F(Releases, AFailingCheckWithAnotherReasonIsAnotherOutcome) {
    for (std::size_t release = 0; release < 3; ++release)
        set(release, "plain/strict/named", failing(release == 1 ? "another" : "one"));
    EXPECT_THAT(rows(), ElementsAre("F F² F", "E E E"));
}

TEST_F(Releases, AnotherReasonAndAnotherProgramAreBothSaid) {
    for (std::size_t release = 0; release < 3; ++release)
        set(release, "plain/strict/named", failing("one"));
    auto another = failing("another");
    another.text = "another graph";
    set(2, "plain/strict/named", another);
    EXPECT_THAT(rows(), ElementsAre("F F²", "E E"));
    EXPECT_THAT(table().notes, ElementsAre("check run fails: one",
                                           "check run fails: another; and unlike F: the exported "
                                           "program differs"));
}

TEST_F(Releases, TheSameNoteIsWrittenOnce) {
    set(2, "plain/strict/named", refusal("no"));
    set(1, "module/strict/named", refusal("no"));
    EXPECT_THAT(table().notes, ElementsAre("rejected in export: E: no"));
    EXPECT_EQ(table().blocks[0].rows[0].entries[2].note, 1);
    EXPECT_EQ(table().blocks[0].rows[2].entries[1].note, 1);
}

TEST_F(Releases, WhatWasNotObservedIsNeverGreen) {
    at(2, "plain/strict/named/b3") = {std::nullopt, "the worker died"};
    EXPECT_THAT(rows(), ElementsAre("E /", "E E"));
    EXPECT_THAT(table().notes, ElementsAre("not observed: the worker died"));
    EXPECT_THAT(summary(table()), HasSubstr("; 1 of 24 outcomes was not observed"));
    EXPECT_THAT(legend(table()), testing::Contains("/ not observed"));
    EXPECT_EQ(table().blocks[0].rows[0].entries[1].change, verdict::Verdict::unobserved);
}

TEST_F(Releases, ACellThatIsNotDeclaredForARelease) {
    for (auto& seen : releases_[0].cells)
        seen = {};
    EXPECT_THAT(rows(), ElementsAre("– E"));
    EXPECT_THAT(headings(), ElementsAre("2.6.0", "2.8.0, 2.9.1"));
    EXPECT_THAT(legend(table()), testing::Contains("– not declared for that torch"));
    EXPECT_THAT(summary(table()), Not(HasSubstr("not observed")));
}

TEST_F(Releases, LettersWithoutNotesTellRowsApart) {
    at(2, "plain/strict/named/b3") = {};
    EXPECT_THAT(rows(), ElementsAre("E –", "E E"));
}

TEST_F(Releases, ThePreviousOutcomeCountsAcrossAReleaseThatWasNotObserved) {
    set(2, "plain/strict/named", program("another"));
    for (auto& seen : releases_[1].cells)
        seen = {std::nullopt, "the record is incomplete"};
    EXPECT_THAT(rows(), ElementsAre("E / E²", "E / E"));
    EXPECT_EQ(table().blocks[0].rows[0].entries[2].change, verdict::Verdict::changed);
    EXPECT_EQ(table().blocks[0].rows[1].entries[2].change, verdict::Verdict::as_expected);
}

TEST_F(Releases, EveryCaseHasItsBlock) {
    auto other = cases_[0];
    other.name = "other";
    cases_.push_back(other);
    cells_ = matrix::cells_of(cases_);
    for (auto& release : releases_)
        release.cells.assign(cells_.size(), {program(), ""});
    releases_[1].cells.back().outcome = refusal("no");
    const auto made = table();
    ASSERT_THAT(made.blocks, SizeIs(2));
    EXPECT_THAT(made.blocks[0].columns, SizeIs(1)) << "columns are merged case by case";
    EXPECT_THAT(made.blocks[1].columns, SizeIs(3));
    EXPECT_THAT(summary(made), HasSubstr("16 cells, 3 releases"));
    EXPECT_THAT(summary(made), HasSubstr("3 rows tell them apart"));
}

TEST_F(Releases, CasesWithTheSameTableAreWrittenOnce) {
    auto other = cases_[0];
    other.name = "other";
    other.summary = "another one";
    cases_.push_back(other);
    cells_ = matrix::cells_of(cases_);
    for (auto& release : releases_)
        release.cells.assign(cells_.size(), {program(), ""});
    EXPECT_EQ(summary(table()), "16 cells, 3 releases (2.6.0 to 2.9.1): 1 row tells them apart");
    EXPECT_THAT(releases_console(table(), {}), HasSubstr("\nmine, other   in each row: mode "));
    EXPECT_THAT(releases_markdown(table(), "", {}),
                HasSubstr("\n## mine, other\n\n- other: another one\n\n| kind |"));
    releases_[1].cells.back().outcome = refusal("no");
    EXPECT_THAT(blocks_alike(table()), SizeIs(2));
    EXPECT_THAT(releases_markdown(table(), "", {}),
                AllOf(HasSubstr("\n## mine\n"), HasSubstr("\n## other\n\nanother one\n\n")));
}

TEST_F(Releases, OnATerminal) {
    set(2, "plain/strict/named", refusal("no"));
    EXPECT_EQ(releases_console(table(), {}),
              "8 cells, 3 releases (2.6.0 to 2.9.1): 2 rows tell them apart\n"
              "\n"
              "mine   in each row: mode strict, every pair (b3, b4)\n"
              "                2.6.0,\n"
              "kind    dims    2.8.0   2.9.1\n"
              "plain   named   E       R [1]\n"
              "plain   static  E       E\n"
              "module  *       \"       \"\n"
              "\n"
              "E exported, all checks pass\n"
              "R rejected\n"
              "\n"
              "[1] rejected in export: E: no\n");
}

TEST_F(Releases, OnANarrowTerminalTheTableIsBrokenAndLosesNothing) {
    set(1, "plain/strict/named", refusal("no"));
    const auto text = releases_console(table(), {.width = 24});
    EXPECT_THAT(text, AllOf(HasSubstr("dims    2.6.0\nplain"), HasSubstr("dims    2.8.0\nplain"),
                            HasSubstr("dims    2.9.1\nplain")));
}

TEST_F(Releases, ColourAddsNothingButColour) {
    set(2, "plain/strict/named", refusal("no"));
    auto coloured = releases_console(table(), {.colour = true});
    EXPECT_THAT(coloured, HasSubstr("\x1b[1;31mR [1]\x1b[0m"));
    for (auto begin = coloured.find('\x1b'); begin != std::string::npos;
         begin = coloured.find('\x1b'))
        coloured.erase(begin, coloured.find('m', begin) - begin + 1);
    EXPECT_EQ(coloured, releases_console(table(), {}));
}

TEST_F(Releases, AsMarkdown) {
    set(2, "plain/strict/named", refusal("a|b <c> `d` [e](f) *g* __h__ @i snake_case"));
    const auto text = releases_markdown(table(), "exportgate matrix", {"2.6.0+cpu, Python 3.11"});
    EXPECT_THAT(text, HasSubstr("\n| kind | dims | 2.6.0, 2.8.0 | 2.9.1 |\n"
                                "| --- | --- | --- | --- |\n"
                                "| plain | named | E | **R**\u00a0\\[1\\] |\n"
                                "| plain<br>module | static<br>\\* | E | E |\n"));
    EXPECT_THAT(text, HasSubstr("\n1. rejected in export: E: a\\|b &lt;c&gt; \\`d\\` \\[e\\](f) "
                                "\\*g\\* \\_\\_h\\_\\_ &#64;i snake_case\n"));
    EXPECT_THAT(text, HasSubstr("\n- 2.6.0+cpu, Python 3.11\n"));
    EXPECT_THAT(text, HasSubstr("\nIn each row: mode strict, every pair (b3, b4).\n"));
    EXPECT_THAT(text, HasSubstr("\n`*` is every dims (named, static).\n"));
}

TEST_F(Releases, ChecksAreCountedByRelease) {
    set(2, "plain/strict/named", failing("one"));
    set(2, "module/strict/named", refusal("no"));
    const auto checks = table().checks;
    EXPECT_THAT(checks.exported, ElementsAre(8, 8, 6));
    ASSERT_THAT(checks.rows, SizeIs(1));
    EXPECT_EQ(checks.rows[0].name, "run");
    EXPECT_THAT(checks.rows[0].failing, ElementsAre(0, 0, 2));
}

TEST_F(Releases, AReasonIsSaidOnceWithItsReleasesAndCells) {
    set(0, "plain/strict/named", failing("one"));
    set(1, "plain/strict/named", failing("one"));
    set(2, "plain/strict/named", failing("another"));
    set(2, "module/strict/named", failing("one"));
    const auto reasons = table().checks.rows.at(0).reasons;
    ASSERT_THAT(reasons, SizeIs(2));
    EXPECT_EQ(reasons[0].what, "one");
    ASSERT_THAT(reasons[0].where, SizeIs(2));
    EXPECT_EQ(reasons[0].where[0].releases, (TableColumn{0, 1}));
    EXPECT_EQ(reasons[0].where[0].count, 2);
    EXPECT_THAT(reasons[0].where[0].cells, ElementsAre("mine/plain/strict/named/*"));
    EXPECT_EQ(reasons[0].where[1].releases, (TableColumn{2, 2}));
    EXPECT_EQ(reasons[1].what, "another");
}

TEST_F(Releases, AReasonThatIsGoneForAReleaseIsNotSaidOfIt) {
    set(0, "plain/strict/named", failing("one"));
    set(2, "plain/strict/named", failing("one"));
    const auto where = table().checks.rows.at(0).reasons.at(0).where;
    ASSERT_THAT(where, SizeIs(2));
    EXPECT_EQ(where[0].releases, (TableColumn{0, 0}));
    EXPECT_EQ(where[1].releases, (TableColumn{2, 2}));
}

TEST_F(Releases, ReasonsThatDifferInNumbersOfThePairAreOne) {
    at(2, "plain/strict/named/b3").outcome = failing("x dim 0: got constant 3");
    at(2, "plain/strict/named/b4").outcome = failing("x dim 0: got constant 4");
    at(1, "plain/strict/named/b3").outcome = failing("pair b4: refused");
    at(1, "plain/strict/named/b4").outcome = failing("pair b3: refused");
    const auto reasons = table().checks.rows.at(0).reasons;
    ASSERT_THAT(reasons, SizeIs(2));
    EXPECT_EQ(reasons[0].what, "refused at the other pair");
    EXPECT_EQ(reasons[1].what, "got constant 3 or 4");
    EXPECT_EQ(reasons[1].place, "x dim 0");
    EXPECT_EQ(reasons[1].where.at(0).count, 2);
}

TEST_F(Releases, NotesOfACheckThatFailsAreNoReasons) {
    auto outcome = failing("batch = 0: accepted, differs from eager");
    outcome.checks[0].notes.emplace_back("length = 0: accepted, as eager");
    at(2, "plain/strict/named/b3").outcome = outcome;
    const auto reasons = table().checks.rows.at(0).reasons;
    ASSERT_THAT(reasons, SizeIs(1));
    EXPECT_EQ(reasons[0].what, "accepted, differs from eager");
    EXPECT_EQ(reasons[0].place, "batch = 0");
}

TEST_F(Releases, ReasonsThatDifferOtherwiseAreNot) {
    at(2, "plain/strict/named/b3").outcome = failing("got constant 3");
    at(2, "plain/strict/named/b4").outcome = failing("got constant 7");
    EXPECT_THAT(table().checks.rows.at(0).reasons, SizeIs(2));
}

TEST_F(Releases, ChecksAsMarkdown) {
    set(2, "plain/strict/named", failing("<one>"));
    const auto text = releases_markdown(table(), "exportgate matrix", {});
    EXPECT_THAT(text, HasSubstr("\n| check | 2.6.0 | 2.8.0 | 2.9.1 |\n"
                                "| --- | --- | --- | --- |\n"
                                "| *cells that exported* | 8 | 8 | 8 |\n"
                                "| run | 0 | 0 | **2** |\n"
                                "\n### run\n\n"
                                "- &lt;one&gt;\n"
                                "  - 2.9.1: 2 cells, `mine/plain/strict/named/*`\n"));
}

TEST_F(Releases, ChecksOnATerminal) {
    set(2, "plain/strict/named", failing("one"));
    EXPECT_THAT(releases_console(table(), {}),
                testing::EndsWith("\nCells that fail a check\n"
                                  "                2.6.0  2.8.0  2.9.1\n"
                                  "exported cells      8      8      8\n"
                                  "run                 0      0      2\n"
                                  "\n"
                                  "run\n"
                                  "  - one: 2.9.1: 2 cells\n"));
}

TEST_F(Releases, WhatBecameOfSavedProgramsIsSaidWhereItIsKnown) {
    auto made = table();
    EXPECT_THAT(releases_markdown(made, "", {}), Not(HasSubstr("saved")));
    made.programs = {{"2 of 3 programs that torch 2.6.0 saved load in torch 2.8.0",
                      {"load raises <E>: 1 cell, mine/plain/*"}}};
    EXPECT_THAT(releases_markdown(made, "", {}),
                HasSubstr("\n- 2 of 3 programs that torch 2.6.0 saved load in torch 2.8.0\n"
                          "  - load raises &lt;E&gt;: 1 cell, mine/plain/\\*\n"));
    EXPECT_THAT(releases_console(made, {}), testing::EndsWith("\n  - load raises <E>: 1 cell, "
                                                              "mine/plain/*\n"));
    EXPECT_THAT(releases_json(made), HasSubstr("load raises <E>"));
}

TEST_F(Releases, AsJson) {
    set(2, "plain/strict/named", refusal("no"));
    const auto text = releases_json(table());
    EXPECT_THAT(text, AllOf(HasSubstr("\"format\": 1"), HasSubstr("\"cells\": 8"),
                            HasSubstr("\"name\": \"run\""), HasSubstr("rejected in export: E: no"),
                            HasSubstr("\"letter\": \"R\"")));
}

}  // namespace
}  // namespace exportgate::report
