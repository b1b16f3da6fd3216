#include <gmock/gmock.h>

#include "report/mismatch.h"
#include "samples.h"

namespace exportgate::report {
namespace {

using namespace samples;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string all_good = R"(mine   in each field: b3 b4
        strict           nonstrict
        named  static    named  static
plain   E E    E E       E E    E E
module  E E    E E       E E    E E

E exported, all checks pass

16 cells on torch 2.13.0: all as expected. PASSED
)";

TEST(Console, AllAsExpectedIsATableAndASentence) {
    EXPECT_EQ(console(all_as_expected(), {}), all_good);
}

TEST(Console, AnUnexpectedCellIsMarkedAndExplained) {
    Judged judged = all_as_expected();
    observe(find(judged, "mine/module/strict/named/b4"), rejected("batch is constant"));
    verdict::add_problems(judged, {});
    const std::string text = console(judged, {});
    EXPECT_THAT(text, HasSubstr("\nmodule  E R!   E E       E E    E E\n"));
    EXPECT_THAT(text, HasSubstr("\nmarked: ! regressed   unmarked: as expected\n"));
    EXPECT_THAT(text,
                HasSubstr("\nREGRESSED  mine/module/strict/named/b4\n"
                          "  expected: exported, all checks pass (since 2.13.0: first recording)\n"
                          "  observed: rejected in export: ValueError\n"
                          "      batch is constant\n"
                          "  show more: exportgate show mine/module/strict/named/b4\n"));
    EXPECT_THAT(text,
                EndsWith("\n16 cells on torch 2.13.0: 1 regressed, 15 as expected. FAILED\n"));
}

TEST(Console, OfAProgramThatWasNotRunOnlyTheChecksThatPassAreSaid) {
    const auto of = [](std::vector<std::string> names) {
        outcome::Outcome outcome = exported("graph");
        outcome.checks.clear();
        for (const std::string& name : names)
            outcome.checks.push_back({name, CheckStatus::pass, {}});
        return describe(outcome);
    };
    EXPECT_EQ(of({"dims"}), "exported, check dims passes");
    EXPECT_EQ(of({"dims", "pytree"}), "exported, checks dims, pytree pass");
    EXPECT_EQ(of({"dims", "run"}), "exported, all checks pass");
}

TEST(Console, AFailingCheckHasALetterOfItsOwn) {
    Judged judged = all_as_expected();
    for (const char* pair : {"b3", "b4"}) {
        Judgement& judgement = find(judged, std::string("mine/plain/nonstrict/static/") + pair);
        judgement.expected = exported("graph", CheckStatus::fail);
        observe(judgement, exported("graph", CheckStatus::fail));
    }
    const std::string text = console(judged, {});
    EXPECT_THAT(text, HasSubstr("\nplain   E E    E E       E E    F F\n"));
    EXPECT_THAT(text,
                HasSubstr("F exported, not as asked: check dims, constants, run or steps fails\n"));
    EXPECT_THAT(text, HasSubstr("\nFailing checks, of 16 exported cells\n"
                                "  run     2  mine/plain/nonstrict/static/*\n"));
    EXPECT_THAT(text, EndsWith("all as expected. PASSED\n"));
}

TEST(Console, CellsWithTheSameDifferenceShareAParagraph) {
    Judged judged = all_as_expected();
    for (Judgement& judgement : judged.judgements) {
        if (judgement.cell.kind == matrix::Kind::module)
            observe(judgement, rejected("batch is constant"));
    }
    const std::string text = console(judged, {});
    EXPECT_THAT(text, HasSubstr("REGRESSED  8 cells: mine/module/*\n"));
    EXPECT_EQ(text.find("observed:"), text.rfind("observed:"));
    EXPECT_THAT(text, HasSubstr("exportgate accept 'mine/module/*' --why"));
}

TEST(Console, CellsWithDifferentDifferencesDoNot) {
    Judged judged = all_as_expected();
    observe(find(judged, "mine/plain/strict/named/b3"), rejected("one"));
    observe(find(judged, "mine/plain/strict/named/b4"), rejected("two"));
    const std::string text = console(judged, {});
    EXPECT_THAT(text, AllOf(HasSubstr("REGRESSED  mine/plain/strict/named/b3\n"),
                            HasSubstr("REGRESSED  mine/plain/strict/named/b4\n")));
}

TEST(Console, TwoProgramsAreShownAsADiff) {
    Judged judged = all_as_expected();
    observe(find(judged, "mine/plain/strict/named/b3"), exported("another graph"));
    EXPECT_THAT(console(judged, {}),
                AllOf(HasSubstr("\n    -graph\n"), HasSubstr("\n    +another graph\n"),
                      HasSubstr("- the exported program differs"), HasSubstr("E~E")));
}

TEST(Console, ADecomposedProgramThatDiffersIsADiffUnderAHeadingOfItsOwn) {
    Judged judged = all_as_expected();
    auto& judgement = find(judged, "mine/plain/strict/named/b3");
    judgement.expected->decomposed = "exportgate graph 2\none\n";
    auto observed = *judgement.expected;
    observed.decomposed = "exportgate graph 2\ntwo\n";
    observe(judgement, observed);
    judgement.verdict = Verdict::changed;
    EXPECT_THAT(paragraph(judgement, {}),
                testing::ContainsRegex("\n  the program after run_decompositions\\(\\):\n"
                                       "    --- expected\n(.|\n)*    -one\n    \\+two\n"));
}

TEST(Console, ALongDiffIsCutAndSaysSo) {
    Judged judged = all_as_expected();
    std::string body;
    for (int line = 0; line < 100; ++line)
        body += "line " + std::to_string(line) + "\n";
    auto& judgement = find(judged, "mine/plain/strict/named/b3");
    observe(judgement, exported(body));
    EXPECT_THAT(console(judged, {}), testing::ContainsRegex("\n    \\.\\.\\. [0-9]+ more lines\n"));
    EXPECT_THAT(paragraph(judgement, {}),
                AllOf(HasSubstr("line 99"), Not(HasSubstr("more lines"))));
}

TEST(Console, NewCellsSayHowToAcceptThem) {
    Judged judged = all_as_expected();
    for (Judgement& judgement : judged.judgements)
        make_new(judgement);
    verdict::add_problems(judged, {});
    const std::string text = console(judged, {});
    EXPECT_THAT(text, HasSubstr("E?E?"));
    EXPECT_THAT(text,
                HasSubstr("NEW  16 cells: mine/*\n  expected: none, no outcome was ever accepted"));
    EXPECT_THAT(text, HasSubstr("exportgate accept 'mine/*' --why \"...\"\n"));
    EXPECT_THAT(text, EndsWith("16 cells on torch 2.13.0: all new. FAILED\n"));
    EXPECT_THAT(
        paragraph(judged.judgements[0], {}),
        EndsWith("  if it is right: exportgate accept mine/plain/strict/named/b3 --why \"...\"\n"));
}

TEST(Console, APatternToAcceptNeverCoversOtherUnexpectedCells) {
    Judged judged = all_as_expected();
    make_new(find(judged, "mine/plain/strict/named/b3"));
    make_new(find(judged, "mine/module/nonstrict/static/b4"));
    EXPECT_THAT(
        console(judged, {}),
        HasSubstr(
            "exportgate accept mine/plain/strict/named/b3 mine/module/nonstrict/static/b4 --why"));
}

TEST(Console, WhatCouldNotBeJudgedIsSaidBeforeAnythingElse) {
    Judged judged = all_as_expected();
    make_unobserved(find(judged, "mine/plain/strict/named/b3"), "the worker died");
    observe(find(judged, "mine/plain/strict/named/b4"), rejected("no"));
    verdict::add_problems(judged, {{"last.jsonl", 0, "the record is incomplete", "run again"}});
    const std::string text = console(judged, {});
    EXPECT_THAT(text, HasSubstr("\nplain   / R!"));
    EXPECT_LT(text.find("UNOBSERVED"), text.find("REGRESSED"));
    EXPECT_THAT(text, HasSubstr("- the worker died\n"));
    EXPECT_THAT(
        text,
        HasSubstr("\nCOULD NOT BE JUDGED  last.jsonl: the record is incomplete (run again)\n"));
    EXPECT_THAT(text, EndsWith("1 unobserved, 1 regressed, 14 as expected. COULD NOT BE JUDGED\n"));
}

TEST(Console, OrphansAreSaidAndFail) {
    Judged judged = all_as_expected();
    verdict::add_orphans(judged,
                         {{"golden/mine/left.txt", 0, "no row uses this file", "remove it"}});
    EXPECT_THAT(
        console(judged, {}),
        AllOf(HasSubstr("\nFAILS  golden/mine/left.txt: no row uses this file (remove it)\n"),
              EndsWith("all as expected, 1 other failure. FAILED\n")));
}

TEST(Console, ColourOnlyWhereItIsAskedFor) {
    Judged judged = all_as_expected();
    observe(find(judged, "mine/plain/strict/named/b3"), rejected("no"));
    const std::string plain = console(judged, {});
    std::string coloured = console(judged, {.colour = true});
    EXPECT_THAT(plain, Not(HasSubstr("\x1b")));
    EXPECT_THAT(coloured, HasSubstr("\x1b[1;31mR!\x1b[0m"));
    EXPECT_THAT(coloured, HasSubstr("\x1b[32mE\x1b[0m"));
    for (auto begin = coloured.find('\x1b'); begin != std::string::npos;
         begin = coloured.find('\x1b'))
        coloured.erase(begin, coloured.find('m', begin) - begin + 1);
    EXPECT_EQ(coloured, plain) << "colour adds nothing but colour";
}

TEST(Console, ControlCharactersOfAMessageDoNotReachTheTerminal) {
    Judged judged = all_as_expected();
    observe(find(judged, "mine/plain/strict/named/b3"), rejected("\x1b[2Jgone\x07 \xff"));
    const std::string text = console(judged, {});
    EXPECT_EQ(text.find_first_of("\x1b\x07\xff"), std::string::npos);
    EXPECT_THAT(text, HasSubstr("gone"));
}

TEST(Console, ANarrowTerminalBreaksTheTableBetweenModes) {
    const std::string text = console(all_as_expected(), {.width = 32});
    EXPECT_THAT(
        text,
        HasSubstr("        strict\n        named  static\nplain   E E    E E\nmodule  E E    E E\n"
                  "        nonstrict\n        named  static\nplain   E E    E E\n"));
}

TEST(Console, AMessageEndsAtTheEdgeOfTheTerminal) {
    Judged judged = all_as_expected();
    observe(find(judged, "mine/plain/strict/named/b3"), rejected(std::string(300, 'x')));
    const std::string text = console(judged, {.width = 60});
    EXPECT_THAT(text, HasSubstr("xxx...\n"));
    EXPECT_THAT(text, Not(HasSubstr(std::string(60, 'x'))));
}

TEST(Console, ManyDifferencesAreShownInBriefAfterTheFirst) {
    Judged judged = all_as_expected();
    int number = 0;
    for (Judgement& judgement : judged.judgements)
        observe(judgement, rejected("message " + std::to_string(number++)));
    const std::string text = console(judged, {});
    EXPECT_THAT(text, HasSubstr("\n1 further differences in brief"));
    EXPECT_THAT(text, HasSubstr("message 14"));
    EXPECT_THAT(text, Not(HasSubstr("message 15")));
    EXPECT_THAT(text, HasSubstr("REGRESSED  mine/module/nonstrict/static/b4\n"));
}

TEST(Console, NothingJudgedIsSaid) {
    Judged judged;
    judged.environment.torch = "2.13.0";
    verdict::add_problems(judged, {{"last.jsonl", 0, "no cell was judged", ""}});
    EXPECT_THAT(console(judged, {}),
                EndsWith("0 cells on torch 2.13.0: nothing was judged. COULD NOT BE JUDGED\n"));
}

TEST(Console, AnErrorOfTheCaseIsMarkedExplainedAndNeverOffered) {
    Judged judged = all_as_expected();
    make_case_error(find(judged, "mine/plain/strict/named/b3"));
    verdict::settle(judged);
    const std::string text = console(judged, {});
    EXPECT_THAT(text, HasSubstr("\nplain   RxE "));
    EXPECT_THAT(text, HasSubstr("CASE ERROR  mine/plain/strict/named/b3\n"));
    EXPECT_THAT(text, HasSubstr("- fails before export: construct: KeyError: 'q'\n"));
    EXPECT_THAT(text, HasSubstr("where it stands"));
    EXPECT_THAT(text, Not(HasSubstr("exportgate accept")));
    EXPECT_THAT(text, EndsWith("1 case error, 15 as expected. COULD NOT BE JUDGED\n"));
}

TEST(Console, SaysWhyNothingCanBeAcceptedInPlaceOfTheCommand) {
    Judged judged = all_as_expected();
    observe(find(judged, "mine/plain/strict/named/b3"), rejected("no"));
    ConsoleStyle style;
    style.nothing_to_accept = "It left checks out.";
    EXPECT_THAT(console(judged, style), HasSubstr("\nIt left checks out.\n"));
    EXPECT_THAT(console(judged, style), Not(HasSubstr("exportgate accept")));
    EXPECT_THAT(console(all_as_expected(), style), Not(HasSubstr("left checks out")));
}

TEST(Console, AParagraphSaysWhatAWaiverOfItNames) {
    Judged judged = all_as_expected();
    Judgement& judgement = find(judged, "mine/plain/strict/named/b3");
    observe(judgement, rejected("no"));
    EXPECT_THAT(paragraph(judgement, {}),
                HasSubstr("  a waiver of it: differs = [\"rejected in export\"]\n"));
}

TEST(Console, WhatTorchSuggestsIsNeverCut) {
    Judged judged = all_as_expected();
    Judgement& judgement = find(judged, "mine/plain/strict/named/b3");
    observe(judgement, rejected("one\n  two\n  three\n  four\n  five\n  six\n  Suggested fixes:\n"
                                "    batch = 3"));
    judgement.expected = {};
    judgement.verdict = verdict::Verdict::new_;
    const std::string text = console(judged, {});
    EXPECT_THAT(text, HasSubstr("three\n"));
    EXPECT_THAT(text, Not(HasSubstr("four\n")));
    EXPECT_THAT(text, HasSubstr("... 3 more lines\n"));
    EXPECT_THAT(text, HasSubstr("Suggested fixes:\n"));
    EXPECT_THAT(text, HasSubstr("batch = 3\n"));
    EXPECT_THAT(console(judged, {.cuts = false}), HasSubstr("six\n"));
}

}  // namespace
}  // namespace exportgate::report
