#include "report/upgrade_report.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "base/text.h"
#include "upgrade_samples.h"

namespace exportgate::report {
namespace {

using namespace samples;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string cell = "mine/plain/strict/named/b3";
const std::string second_cell = "mine/plain/strict/named/b4";

/// One of everything.
verdict::Upgrade mixed() {
    auto upgrade = all_same();
    for (auto& judgement : upgrade.judged.judgements) {
        const auto name = judgement.cell.name();
        if (judgement.cell.kind == matrix::Kind::module) {
            move(upgrade, name, exported(), rejected("batch is constant"));
        } else if (judgement.cell.dims == matrix::DimsStyle::named) {
            move(upgrade, name, rejected("no"), exported());
        }
    }
    make_cosmetic(upgrade, "mine/plain/strict/static/b3", {"f32[s0]", "f32[s27]"});
    return upgrade;
}

TEST(UpgradeConsole, AllSameIsAHeaderAndASentence) {
    EXPECT_EQ(upgrade_console(all_same(), {}),
              "torch 2.9.1 -> 2.10.0\n"
              "  before  records/2.9.1.jsonl: torch 2.9.1+cpu, Python 3.11.7, linux-x86_64\n"
              "  after   records/2.10.0.jsonl: torch 2.10.0+cpu, Python 3.11.7, linux-x86_64\n"
              "\n16 cells: all same\nGO\n");
}

TEST(UpgradeConsole, SaysWhatRegressedFirstAndWhatTorchNowSays) {
    const auto text = upgrade_console(mixed(), {});
    EXPECT_THAT(text, HasSubstr("\nREGRESSED  8 cells, mine/module/*: exported -> rejected\n"
                                "  2.9.1   exported, all checks pass\n"
                                "  2.10.0  rejected in export: ValueError\n"
                                "    batch is constant\n"
                                "  show more: exportgate show mine/module/strict/named/b3 --record "
                                "records/2.10.0.jsonl\n"));
    EXPECT_THAT(text, HasSubstr("\nIMPROVED  4 cells, mine/plain/*/named/*: rejected -> exported\n"
                                "  2.9.1   rejected in export: ValueError\n"
                                "  2.10.0  exported, all checks pass\n"
                                "  + gained: a program of fixed shapes (4 cells)\n"));
    EXPECT_THAT(text, HasSubstr("\nCOSMETIC  1 cell: the same outcome in another spelling\n"
                                "  for example mine/plain/strict/static/b3\n"
                                "    2.9.1   f32[s0]\n"
                                "    2.10.0  f32[s27]\n"));
    EXPECT_LT(text.find("REGRESSED"), text.find("IMPROVED"));
    EXPECT_LT(text.find("IMPROVED"), text.find("COSMETIC"));
    EXPECT_THAT(text, EndsWith("\n16 cells: 8 regressed, 4 improved, 1 cosmetic, 3 same\n"
                               "NO-GO: 8 cells regressed\n"));
}

TEST(UpgradeConsole, ShowsTheDiffOfAChangedProgram) {
    auto upgrade = all_same();
    move(upgrade, cell, exported("one"), exported("two"));
    EXPECT_THAT(upgrade_console(upgrade, {}),
                AllOf(HasSubstr("\nCHANGED  1 cell, " + cell + ": the exported program differs\n"),
                      HasSubstr("\n    --- 2.9.1\n    +++ 2.10.0\n"), HasSubstr("\n    -one\n"),
                      HasSubstr("\n    +two\n"), EndsWith("\nGO, 1 change to review\n")));
}

TEST(UpgradeReport, TheDecomposedProgramHasADiffUnderAHeadingOfItsOwn) {
    auto upgrade = all_same();
    auto before = exported();
    auto after = exported();
    before.decomposed = "exportgate graph 2\none\n";
    after.decomposed = "exportgate graph 2\ntwo\n";
    move(upgrade, "mine/plain/strict/named/b3", before, after);
    EXPECT_THAT(upgrade_console(upgrade, {}),
                testing::ContainsRegex("the program after run_decompositions\\(\\):\n"
                                       "    --- 2.9.1\n(.|\n)*    -one\n    \\+two\n"));
    EXPECT_THAT(upgrade_markdown(upgrade),
                testing::ContainsRegex("the program after run_decompositions\\(\\):\n\n"
                                       "```diff\n--- 2.9.1\n"));
}

TEST(UpgradeConsole, SaysHowTheOtherCellsOfAGroupDiffer) {
    auto upgrade = all_same();
    move(upgrade, cell, exported(), rejected("batch is 3"));
    move(upgrade, second_cell, exported(), rejected("batch is 4"));
    EXPECT_THAT(upgrade_console(upgrade, {}), HasSubstr("  shown: " + cell +
                                                        "; the others differ from it only in names "
                                                        "and numbers of their case and pair"));
}

TEST(UpgradeConsole, CutsWhatIsLongAndTheParagraphOfACellDoesNot) {
    std::string message = "first";
    for (int line = 0; line < 50; ++line)
        message += "\n  line " + std::to_string(line);
    auto upgrade = all_same();
    const auto& judgement = move(upgrade, cell, exported(), rejected(message));
    EXPECT_THAT(upgrade_console(upgrade, {}),
                AllOf(HasSubstr("    ... 45 more lines\n"), Not(HasSubstr("line 49"))));
    EXPECT_THAT(upgrade_paragraph(upgrade, judgement),
                AllOf(HasSubstr("line 49"), Not(HasSubstr("more lines"))));
}

TEST(UpgradeConsole, ProblemsAreSaidAndCannotBeOverlooked) {
    auto upgrade = mixed();
    make_unobserved(find(upgrade.judged, "mine/plain/strict/static/b4"), "2.9.1: the worker died");
    upgrade.judged.problems = {{"records/2.9.1.jsonl", 0, "the record is incomplete", "run again"}};
    verdict::settle(upgrade);
    EXPECT_THAT(upgrade_console(upgrade, {}),
                AllOf(HasSubstr("\nUNOBSERVED  1 cell, mine/plain/strict/static/b4: 2.9.1: the "
                                "worker died\n"),
                      HasSubstr("\nCOULD NOT BE JUDGED  records/2.9.1.jsonl: the record is "
                                "incomplete (run again)\n"),
                      EndsWith("\ncannot be judged: records/2.9.1.jsonl: the record is "
                               "incomplete, 1 cell unobserved\n")));
}

TEST(UpgradeConsole, ManyChangesAreShownInBriefAfterTheFirst) {
    auto upgrade = all_same();
    std::vector<Judgement> many;
    for (int number = 0; number < 25; ++number) {
        const auto name = upgrade.judged.judgements[0].cell.name();
        many.push_back(move(upgrade, name, exported(), rejected("m" + std::to_string(number))));
        many.back().cell.pair = "p" + std::to_string(number);
    }
    upgrade.judged.judgements = many;
    const auto text = upgrade_console(upgrade, {});
    EXPECT_THAT(text, HasSubstr("\n5 further changes in brief:\nREGRESSED  1 cell"));
    EXPECT_THAT(text, HasSubstr("mine/plain/strict/named/p24"));
    EXPECT_THAT(text, Not(HasSubstr("    m24\n")));
}

TEST(UpgradeConsole, ColourAddsNothingButColour) {
    const auto plain = upgrade_console(mixed(), {});
    auto coloured = upgrade_console(mixed(), {.colour = true});
    EXPECT_EQ(plain.find('\x1b'), std::string::npos);
    EXPECT_THAT(coloured, HasSubstr("\x1b[1;31mNO-GO: 8 cells regressed\x1b[0m"));
    for (auto begin = coloured.find('\x1b'); begin != std::string::npos;
         begin = coloured.find('\x1b'))
        coloured.erase(begin, coloured.find('m', begin) - begin + 1);
    EXPECT_EQ(coloured, plain);
}

TEST(UpgradeMarkdown, BeginsWithTheSentenceAndACountOfVerdicts) {
    EXPECT_THAT(upgrade_markdown(mixed()),
                AllOf(StartsWith("**NO-GO: 8 cells regressed**\n\n"
                                 "torch `2.9.1+cpu` to `2.10.0+cpu`, Python `3.11.7`, "
                                 "`linux-x86_64`.\n\n"
                                 "| cells | verdict |\n| ---: | --- |\n| 8 | regressed |\n"
                                 "| 4 | improved |\n| 1 | cosmetic |\n| 3 | same |\n"),
                      HasSubstr("<details><summary><b>regressed</b> 8 cells, "
                                "<code>mine/module/*</code>: <code>exported -&gt; rejected</code>"
                                "</summary>\n\n"),
                      HasSubstr("```\nbatch is constant\n```\n"),
                      HasSubstr("for example `f32[s27]` instead of `f32[s0]`")));
    EXPECT_THAT(upgrade_markdown(all_same()), StartsWith("**GO**\n"));
}

TEST(UpgradeMarkdown, DiffsAreFencedAsSuch) {
    auto upgrade = all_same();
    move(upgrade, cell, exported("one"), exported("two"));
    EXPECT_THAT(upgrade_markdown(upgrade), HasSubstr("\n```diff\n--- 2.9.1\n+++ 2.10.0\n"));
}

TEST(UpgradeMarkdown, EveryDetailIsClosed) {
    const auto text = upgrade_markdown(mixed());
    const auto count = [&](const std::string& word) {
        std::size_t found = 0;
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
            ++found;
        return found;
    };
    EXPECT_EQ(count("<details>"), 2U);
    EXPECT_EQ(count("</details>"), 2U);
    EXPECT_EQ(count("```") % 2, 0U);
}

TEST(UpgradeMarkdown, AMessageCannotCloseItsFence) {
    auto upgrade = all_same();
    move(upgrade, cell, exported(), rejected("```\n  </details> ````` @someone"));
    EXPECT_THAT(upgrade_markdown(upgrade),
                HasSubstr("\n``````\n```\n</details> ````` @someone\n``````\n"));
}

TEST(UpgradeMarkdown, AReasonIsNeitherHtmlNorMarkdown) {
    auto upgrade = all_same();
    auto& judgement = find(upgrade.judged, cell);
    make_unobserved(judgement, "2.9.1: <img src=x> `a` & @someone #1");
    const auto text = upgrade_markdown(upgrade);
    EXPECT_THAT(text, HasSubstr("<code>2.9.1: &lt;img src=x&gt; `a` &amp; @someone #1</code>"));
    EXPECT_THAT(text, HasSubstr("- `` 2.9.1: <img src=x> `a` & @someone #1 ``\n"));
    make_unobserved(judgement, "`tick");
    EXPECT_THAT(upgrade_markdown(upgrade), HasSubstr("- `` `tick ``\n"));
    make_unobserved(judgement, "two\n\n</summary>lines");
    EXPECT_THAT(upgrade_markdown(upgrade),
                HasSubstr("<code>two  &lt;/summary&gt;lines</code></summary>\n"));
}

TEST(UpgradeMarkdown, FitsIntoAComment) {
    auto upgrade = all_same();
    const auto first = upgrade.judged.judgements[0];
    upgrade.judged.judgements.clear();
    for (int number = 0; number < 400; ++number) {
        auto judgement = first;
        judgement.cell.pair = "p" + std::to_string(number);
        std::string message = "number " + std::to_string(number) + " ";
        for (int line = 0; line < 100; ++line)
            message += std::string(500, 'x') + "\n  ";
        judgement.expected = exported();
        observe(judgement, rejected(message));
        upgrade.judged.judgements.push_back(judgement);
    }
    upgrade.judged.problems.assign(1000, {"a.jsonl", 0, std::string(5000, 'y'), "again"});
    verdict::settle(upgrade);
    for (const std::size_t limit : {most_markdown, std::size_t{16384}}) {
        const auto text = upgrade_markdown(upgrade, limit);
        EXPECT_LE(text.size(), limit);
        EXPECT_GT(text.size(), limit / 2);
        EXPECT_THAT(text, testing::ContainsRegex("A comment has no room for all of it: [0-9]+ "
                                                 "changes? without details, [0-9]+ changes? left "
                                                 "out\\."));
        EXPECT_THAT(text, StartsWith("**cannot be judged: a.jsonl: yyy"));
    }
}

TEST(UpgradeMarkdown, WhatFitsIsWholeAndSaysNothingOfRoom) {
    EXPECT_THAT(upgrade_markdown(mixed()), Not(HasSubstr("no room")));
}

TEST(UpgradeJson, HoldsEveryGroupAndEveryCell) {
    const auto upgrade = mixed();
    const auto json = nlohmann::json::parse(upgrade_json(upgrade));
    EXPECT_EQ(json["format"], 2);
    EXPECT_EQ(json["exit_code"], 1);
    EXPECT_EQ(json["sentence"], "NO-GO: 8 cells regressed");
    EXPECT_EQ(json["strict"], false);
    EXPECT_EQ(json["before"]["name"], "2.9.1");
    EXPECT_EQ(json["after"]["file"], "records/2.10.0.jsonl");
    EXPECT_EQ(json["after"]["environment"]["torch_build"], "2.10.0+cpu");
    EXPECT_EQ(json["counts"]["same"], 3);
    EXPECT_EQ(json["counts"]["regressed"], 8);
    ASSERT_EQ(json["groups"].size(), 2U);
    const auto& group = json["groups"][0];
    EXPECT_EQ(group["verdict"], "regressed");
    EXPECT_EQ(group["blocks"], true);
    EXPECT_EQ(group["summary"], "exported -> rejected");
    EXPECT_EQ(group["message"][0], "batch is constant");
    EXPECT_EQ(group["cells"].size(), 8U);
    EXPECT_EQ(json["groups"][1]["gains"][0], "a program of fixed shapes (4 cells)");
    ASSERT_EQ(json["cells"].size(), 16U);
    const auto& first = json["cells"][0];
    EXPECT_EQ(first["name"], cell);
    EXPECT_EQ(first["verdict"], "improved");
    EXPECT_EQ(first["blocks"], false);
    EXPECT_EQ(first["before"]["status"], "rejected");
    EXPECT_EQ(first["after"]["text_digest"], digest(exported().text));
    EXPECT_TRUE(first["spelling"].is_null());
    const auto& cosmetic = json["cells"][2];
    EXPECT_EQ(cosmetic["verdict"], "cosmetic");
    EXPECT_EQ(cosmetic["spelling"]["after"], "f32[s27]");
}

TEST(UpgradeJson, HoldsWhyItCouldNotBeJudged) {
    auto upgrade = all_same();
    make_unobserved(find(upgrade.judged, cell), "2.9.1: the worker died");
    upgrade.judged.problems = {{"a.jsonl", 0, "incomplete", "again"}};
    upgrade.judged.failures = {{"case.toml", 3, "expired", ""}};
    verdict::settle(upgrade);
    const auto json = nlohmann::json::parse(upgrade_json(upgrade));
    EXPECT_EQ(json["exit_code"], 2);
    EXPECT_EQ(json["problems"][0]["what"], "incomplete");
    EXPECT_EQ(json["failures"][0]["line"], 3);
    EXPECT_TRUE(json["cells"][0]["after"].is_null());
}

TEST(UpgradeJunit, OnlyWhatBlocksIsAFailure) {
    auto upgrade = mixed();
    move(upgrade, "mine/plain/strict/static/b4", exported("one"), exported("two"));
    make_unobserved(find(upgrade.judged, "mine/plain/nonstrict/static/b3"), "2.9.1: lost");
    verdict::settle(upgrade);
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(upgrade_junit(upgrade).c_str()));
    const auto suites = document.child("testsuites");
    EXPECT_EQ(suites.attribute("tests").as_int(), 16);
    EXPECT_EQ(suites.attribute("failures").as_int(), 8);
    EXPECT_EQ(suites.attribute("errors").as_int(), 1);
    const auto failure = suites.find_node(
        [](const pugi::xml_node& node) { return std::string_view(node.name()) == "failure"; });
    EXPECT_STREQ(failure.attribute("type").value(), "regressed");
    EXPECT_THAT(failure.text().get(), HasSubstr("batch is constant"));
    upgrade.strict = true;
    ASSERT_TRUE(document.load_string(upgrade_junit(upgrade).c_str()));
    EXPECT_EQ(document.child("testsuites").attribute("failures").as_int(), 9);
}

}  // namespace
}  // namespace exportgate::report
