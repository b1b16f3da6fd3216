#include "report/upgrade_groups.h"

#include <gmock/gmock.h>

#include "report/pair_difference.h"
#include "upgrade_samples.h"

namespace exportgate::report {
namespace {

using namespace samples;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string b3 = "mine/plain/strict/named/b3";
const std::string b4 = "mine/plain/strict/named/b4";
const std::string other_kind = "mine/module/strict/named/b3";

std::vector<std::size_t> sizes(const std::vector<ChangeGroup>& groups) {
    std::vector<std::size_t> counts;
    for (const auto& group : groups)
        counts.push_back(group.cells.size());
    return counts;
}

/// The cells in order, by verdict.
std::vector<std::string> labels(const std::vector<ChangeGroup>& groups) {
    std::vector<std::string> names;
    for (const auto& group : groups)
        names.emplace_back(verdict::upgrade_label(group.verdict));
    return names;
}

TEST(Sentence, AllSameIsGo) {
    EXPECT_EQ(sentence_of(all_same()), "GO");
    EXPECT_EQ(counts_line(all_same()), "16 cells: all same");
}

TEST(Sentence, WhereOneSideDidNotRunTheProgramItIsAboutWhatWasCompared) {
    auto upgrade = all_same();
    upgrade.judged.judgements[0].not_compared = {{"decompose", 2, 0}};
    EXPECT_EQ(sentence_of(upgrade), "GO");
    upgrade.judged.judgements[0].not_compared = {{"decompose", 2, 0}, {"run", 0, 2}};
    EXPECT_EQ(sentence_of(upgrade), "GO for what was compared");
}

TEST(Sentence, ImprovementsAndOtherSpellingsAreGo) {
    auto upgrade = all_same();
    move(upgrade, b3, rejected("no"), exported());
    make_cosmetic(upgrade, b4, {"s0", "s27"});
    EXPECT_EQ(sentence_of(upgrade), "GO");
    EXPECT_EQ(counts_line(upgrade), "16 cells: 1 improved, 1 cosmetic, 14 same");
}

TEST(Sentence, ChangesAreCountedByWhatThereIsToReview) {
    auto upgrade = all_same();
    move(upgrade, b3, exported("one"), exported("two"));
    EXPECT_EQ(sentence_of(upgrade), "GO, 1 change to review");
    move(upgrade, b4, exported("one"), exported("two"));
    EXPECT_EQ(sentence_of(upgrade), "GO, 1 change to review") << "one change in two cells";
    move(upgrade, other_kind, exported("one"), exported("three"));
    EXPECT_EQ(sentence_of(upgrade), "GO, 2 changes to review");
}

TEST(Sentence, RegressedCellsAreNoGoWhateverElse) {
    auto upgrade = all_same();
    move(upgrade, b3, exported(), rejected("no"));
    EXPECT_EQ(sentence_of(upgrade), "NO-GO: 1 cell regressed");
    move(upgrade, b4, exported(), rejected("no"));
    move(upgrade, other_kind, exported("one"), exported("two"));
    EXPECT_EQ(sentence_of(upgrade), "NO-GO: 2 cells regressed");
}

TEST(Sentence, StrictTurnsWhatIsToReviewIntoNoGo) {
    auto upgrade = all_same();
    upgrade.strict = true;
    EXPECT_EQ(sentence_of(upgrade), "GO");
    move(upgrade, b3, exported("one"), exported("two"));
    EXPECT_EQ(sentence_of(upgrade), "NO-GO: 1 cell to review, and --strict was asked for");
    move(upgrade, b4, exported(), rejected("no"));
    EXPECT_EQ(sentence_of(upgrade),
              "NO-GO: 1 cell regressed, 1 cell to review, and --strict was asked for");
}

TEST(Sentence, WaivedCellsAreSaid) {
    auto upgrade = all_same();
    move(upgrade, b3, exported(), rejected("no"));
    waive(upgrade, b3);
    EXPECT_EQ(sentence_of(upgrade), "GO, 1 cell waived");
    move(upgrade, b4, exported("one"), exported("two"));
    EXPECT_EQ(sentence_of(upgrade), "GO, 1 change to review, 1 cell waived");
}

TEST(Sentence, WaiversThatDoNotHoldAreNoGo) {
    auto upgrade = all_same();
    upgrade.judged.failures = {{"cases/mine/case.toml", 9, "the waiver expired", ""}};
    verdict::settle(upgrade);
    EXPECT_EQ(sentence_of(upgrade), "NO-GO: 1 waiver does not hold");
}

TEST(Sentence, WhatCannotBeJudgedOutweighsAll) {
    auto upgrade = all_same();
    move(upgrade, b3, exported(), rejected("no"));
    make_unobserved(find(upgrade.judged, b4), "2.9.1: the worker died");
    verdict::settle(upgrade);
    EXPECT_EQ(sentence_of(upgrade), "cannot be judged: 1 cell unobserved");
    upgrade.judged.problems = {{"a.jsonl", 0, "the record is incomplete: interrupted", "again"},
                               {"b.jsonl", 0, "the record is incomplete: it has no footer", ""}};
    EXPECT_EQ(sentence_of(upgrade),
              "cannot be judged: a.jsonl: the record is incomplete: interrupted, 1 further "
              "problem, 1 cell unobserved");
}

TEST(Sentence, NewCellsAreToReviewWhereTheyDoNotWork) {
    auto upgrade = all_same();
    make_new(find(upgrade.judged, b3));
    EXPECT_EQ(sentence_of(upgrade), "GO");
    find(upgrade.judged, b3).observed = rejected("no");
    EXPECT_EQ(sentence_of(upgrade), "GO, 1 change to review");
}

TEST(Groups, ThoseThatBlockComeFirst) {
    auto upgrade = all_same();
    move(upgrade, "mine/plain/strict/named/b3", rejected("no"), exported());
    move(upgrade, "mine/plain/strict/named/b4", exported(), rejected("no"));
    waive(upgrade, "mine/plain/strict/named/b4");
    move(upgrade, "mine/plain/strict/static/b3", exported("one"), exported("two"));
    make_new(find(upgrade.judged, "mine/plain/strict/static/b4"));
    make_unobserved(find(upgrade.judged, "mine/module/strict/named/b3"), "2.9.1: lost");
    move(upgrade, "mine/module/strict/named/b4", exported(), rejected("no"));
    EXPECT_THAT(labels(change_groups(upgrade)),
                ElementsAre("regressed", "unobserved", "new", "changed", "waived", "improved"));
}

TEST(Groups, CellsWithTheSameChangeAreTogether) {
    auto upgrade = all_same();
    for (const auto& name : {b3, b4, other_kind})
        move(upgrade, name, rejected("no"), exported());
    const auto groups = change_groups(upgrade);
    EXPECT_THAT(sizes(groups), ElementsAre(3));
    EXPECT_EQ(groups[0].change.summary, "rejected -> exported");
    EXPECT_FALSE(groups[0].other_words);
    EXPECT_FALSE(groups[0].other_context);
}

TEST(Groups, MessagesThatDifferByTheirPairAreTogetherAndItIsSaid) {
    auto upgrade = all_same();
    move(upgrade, b3, exported(), rejected("batch became 3, pair b4 is refused"));
    move(upgrade, b4, exported(), rejected("batch became 4, pair b3 is refused"));
    const auto groups = change_groups(upgrade);
    EXPECT_THAT(sizes(groups), ElementsAre(2));
    EXPECT_TRUE(groups[0].other_words);
    EXPECT_THAT(groups[0].change.message, ElementsAre("batch became 3, pair b4 is refused"));
    EXPECT_THAT(how_others_differ(groups[0]),
                HasSubstr("names and numbers of their case and pair"));
    EXPECT_THAT(steps_in_part(groups[0]), IsEmpty());
}

TEST(Groups, RefusalsThatDifferByAnyOtherNumberAreApart) {
    for (const char* other : {"batch became 5", "batch became 11", "batch became 44",
                              "length became 4", "batch became 4 4", "batch became 4.5"}) {
        auto upgrade = all_same();
        move(upgrade, b3, exported(), rejected("batch became 3"));
        move(upgrade, b4, exported(), rejected(other));
        const bool is_other_dim = std::string(other) == "length became 4";
        EXPECT_THAT(sizes(change_groups(upgrade)), ElementsAre(1, 1))
            << other << (is_other_dim ? ", which is not its extent" : "");
    }
}

TEST(Groups, ACellOfACaseThatNobodyKnowsKeepsItsNumbers) {
    auto upgrade = all_same();
    move(upgrade, b3, exported(), rejected("batch became 3"));
    move(upgrade, b4, exported(), rejected("batch became 4")).cell.case_name = "yours";
    EXPECT_THAT(sizes(change_groups(upgrade)), ElementsAre(1, 1));
}

TEST(Groups, TheSamePairSaysTheSameNumbers) {
    auto upgrade = all_same();
    move(upgrade, b3, exported(), rejected("batch became 3"));
    move(upgrade, other_kind, exported(), rejected("batch became 4"));
    EXPECT_THAT(sizes(change_groups(upgrade)), ElementsAre(1, 1));
}

TEST(Groups, MessagesOfOneExceptionAreOneChangeWhoseStepsAreCounted) {
    auto upgrade = all_same();
    move(upgrade, b3, rejected("was"), rejected("is"));
    move(upgrade, b4, rejected("was"), rejected("is"));
    move(upgrade, other_kind, rejected("was"), rejected("is, once more"));
    auto groups = change_groups(upgrade);
    ASSERT_THAT(sizes(groups), ElementsAre(3));
    EXPECT_EQ(groups[0].change.summary, "the message of ValueError differs");
    EXPECT_THAT(steps_in_part(groups[0]),
                ElementsAre("2 of 3 cells: + is", "1 of 3 cells: + is, once more"));
    auto other = rejected("is");
    other.text.replace(other.text.find("ValueError"), 10, "TypeError");
    move(upgrade, other_kind, rejected("was"), other);
    groups = change_groups(upgrade);
    EXPECT_THAT(sizes(groups), ElementsAre(2, 1)) << "the exception became another one";
}

TEST(Groups, MessagesOfSeveralExceptionsAreOneChangeThatSaysWhichCellHasWhich) {
    const auto of_type_error = [](const std::string& message) {
        auto outcome = rejected(message);
        outcome.text.replace(outcome.text.find("ValueError"), 10, "TypeError");
        return outcome;
    };
    auto upgrade = all_same();
    move(upgrade, b3, rejected("was"), rejected("is"));
    move(upgrade, b4, rejected("was"), rejected("is"));
    move(upgrade, other_kind, of_type_error("was"), of_type_error("is"));
    const auto groups = change_groups(upgrade);
    ASSERT_THAT(sizes(groups), ElementsAre(3));
    EXPECT_EQ(groups[0].change.summary, "the messages of TypeError and ValueError differ");
    EXPECT_THAT(steps_in_part(groups[0]),
                ElementsAre("2 of 3 cells: the message of ValueError differs",
                            "1 of 3 cells: the message of TypeError differs"));
    EXPECT_EQ(how_others_differ(groups[0]), "");
}

TEST(Groups, AssertionsThatAlwaysHoldAreOneChange) {
    const std::string graph =
        "\ninputs\n  %0  USER_INPUT  f32[s0]\n\ngraph\n  %1 = aten.neg.default(%0)\n";
    const auto with = [&](int count) {
        std::string body = "\nsymbols\n  s0  \"batch\"  1..1024\n" + graph;
        for (int i = 2; i < 2 + count; ++i)
            body += "  %" + std::to_string(i) +
                    " = aten._assert_scalar.default(s0 == s0, \"expression s0 == s1\")\n";
        return exported(body);
    };
    auto upgrade = all_same();
    move(upgrade, b3, with(0), with(1));
    move(upgrade, other_kind, with(0), with(3));
    move(upgrade, b4, with(2), with(1));
    const auto groups = change_groups(upgrade);
    ASSERT_THAT(sizes(groups), ElementsAre(2, 1));
    EXPECT_EQ(groups[0].change.summary,
              "the program has more runtime assertions, which always hold");
    EXPECT_THAT(steps_in_part(groups[0]),
                ElementsAre("all 2 cells: + an assertion in the program that always holds (1 to 3 "
                            "times)"));
    EXPECT_EQ(groups[1].change.summary, "the program lacks runtime assertions, which always held");
}

TEST(Groups, AnAssertionThatCanFailIsAChangeOfTheProgram) {
    const auto with = [&](const std::string& condition) {
        return exported("\nsymbols\n  s0  \"batch\"  1..1024\n\ngraph\n" +
                        (condition.empty() ? ""
                                           : "  %1 = aten._assert_scalar.default(" + condition +
                                                 ", \"it failed\")\n"));
    };
    auto upgrade = all_same();
    move(upgrade, b3, with(""), with("s0 <= 1024"));
    move(upgrade, b4, with(""), with("s0 <= 1023"));
    EXPECT_THAT(sizes(change_groups(upgrade)), ElementsAre(1, 1));
}

TEST(Groups, TheSameLinesInAnotherProgramAreOneChange) {
    const std::string around = "inputs\n  x  USER_INPUT  f32[";
    auto upgrade = all_same();
    move(upgrade, b3, exported(around + "s0]\nold"), exported(around + "s0]\nnew"));
    move(upgrade, other_kind, exported(around + "3]\nold"), exported(around + "3]\nnew"));
    auto groups = change_groups(upgrade);
    EXPECT_THAT(sizes(groups), ElementsAre(2));
    EXPECT_TRUE(groups[0].other_context);
    EXPECT_THAT(how_others_differ(groups[0]), HasSubstr("lines around that did not change"));
    move(upgrade, other_kind, exported(around + "3]\nold"), exported(around + "3]\nnewer"));
    EXPECT_THAT(sizes(change_groups(upgrade)), ElementsAre(1, 1)) << "another line came";
    move(upgrade, other_kind, exported(around + "3]\nolder"), exported(around + "3]\nnew"));
    EXPECT_THAT(sizes(change_groups(upgrade)), ElementsAre(1, 1)) << "another line went";
}

TEST(Groups, ValuesThatAreBakedInAreThoseOfThePair) {
    const auto baked = [](const std::string& leaf, const std::string& digest) {
        return exported("\nconstants\n  %0  float32[8] = sha256:" + digest +
                        " of 8 values, the values of " + leaf);
    };
    auto upgrade = all_same();
    move(upgrade, b3, baked("dc.key", "aaaa"), exported());
    move(upgrade, b4, baked("dc.key", "bbbb"), exported());
    EXPECT_THAT(sizes(change_groups(upgrade)), ElementsAre(2));
    move(upgrade, b4, baked("dc.value", "bbbb"), exported());
    EXPECT_THAT(sizes(change_groups(upgrade)), ElementsAre(1, 1));
}

TEST(Groups, ACheckThatTurnsInProgramsThatAreNotAlikeIsOneChange) {
    auto upgrade = all_same();
    move(upgrade, b3, exported("one"), exported("two", CheckStatus::fail));
    move(upgrade, b4, exported("one"), exported("two", CheckStatus::fail));
    move(upgrade, other_kind, exported("three"), exported("three", CheckStatus::fail));
    const auto groups = change_groups(upgrade);
    ASSERT_THAT(sizes(groups), ElementsAre(3));
    EXPECT_EQ(groups[0].change.summary, "check run pass -> fail");
    EXPECT_THAT(steps_in_part(groups[0]),
                testing::Contains("2 of 3 cells: the program differs too"));
}

TEST(Groups, ChecksThatBecomeBetterAreOneChangeUnlessTheyWereSilentlyWrong) {
    const auto failing = [](const std::vector<std::string>& names) {
        auto outcome = exported();
        for (const auto* name : {"save_load", "retrace"}) {
            const bool fails = std::find(names.begin(), names.end(), name) != names.end();
            outcome.checks.push_back(
                {name, fails ? CheckStatus::fail : CheckStatus::pass,
                 fails ? std::vector<std::string>{"no"} : std::vector<std::string>{}});
        }
        return outcome;
    };
    auto upgrade = all_same();
    move(upgrade, b3, failing({"save_load"}), failing({}));
    move(upgrade, b4, failing({"retrace"}), failing({}));
    auto wrong = failing({"retrace"});
    wrong.checks[0] = {"run", CheckStatus::fail, {"differs from eager"}};
    move(upgrade, other_kind, wrong, failing({}));
    const auto groups = change_groups(upgrade);
    ASSERT_THAT(sizes(groups), ElementsAre(2, 1));
    EXPECT_EQ(groups[0].change.summary, "checks save_load and retrace fail -> pass, in part");
    EXPECT_THAT(steps_in_part(groups[0]),
                testing::IsSupersetOf({"1 of 2 cells: check retrace: fail -> pass",
                                       "1 of 2 cells: check save_load: fail -> pass"}));
}

TEST(Groups, ACheckThatTurnsForAnotherReasonIsApart) {
    auto upgrade = all_same();
    auto other = exported("graph", CheckStatus::fail);
    other.checks[0].reasons = {"refused"};
    move(upgrade, b3, exported(), exported("graph", CheckStatus::fail));
    move(upgrade, b4, exported(), other);
    EXPECT_THAT(sizes(change_groups(upgrade)), ElementsAre(1, 1));
}

TEST(Groups, ChecksThatFailBeforeAndAfterDoNotKeepAChangeApart) {
    const auto with_registry = [](Outcome outcome) {
        outcome.checks.push_back({"registry", CheckStatus::fail, {"X stays"}});
        return outcome;
    };
    auto upgrade = all_same();
    move(upgrade, b3, exported("one"), exported("two"));
    move(upgrade, b4, with_registry(exported("one")), with_registry(exported("two")));
    const auto groups = change_groups(upgrade);
    ASSERT_THAT(sizes(groups), ElementsAre(2));
    EXPECT_TRUE(groups[0].other_checks);
}

TEST(Groups, DecomposedProgramsTellChangesApart) {
    const auto decomposed_to = [](const std::string& body) {
        auto outcome = exported();
        outcome.decomposed = "exportgate graph 2\n" + body + "\n";
        return outcome;
    };
    auto upgrade = all_same();
    move(upgrade, b3, decomposed_to("one"), decomposed_to("two"));
    move(upgrade, b4, decomposed_to("one"), decomposed_to("two"));
    move(upgrade, other_kind, decomposed_to("one"), decomposed_to("three"));
    const auto groups = change_groups(upgrade);
    EXPECT_THAT(sizes(groups), ElementsAre(2, 1));
    EXPECT_THAT(groups[0].change.diff, IsEmpty());
    EXPECT_THAT(groups[0].change.decomposed_diff, testing::Contains("+two"));
}

TEST(Groups, OfDifferentVerdictsAreApart) {
    auto upgrade = all_same();
    move(upgrade, b3, exported(), rejected("no"));
    move(upgrade, b4, exported(), rejected("no"));
    waive(upgrade, b4);
    EXPECT_THAT(labels(change_groups(upgrade)), ElementsAre("regressed", "waived"));
}

TEST(Groups, NewCellsThatWorkAreApartFromThoseToReview) {
    auto upgrade = all_same();
    make_new(find(upgrade.judged, b3));
    make_new(find(upgrade.judged, b4));
    find(upgrade.judged, b4).observed = exported("graph", CheckStatus::fail);
    const auto groups = change_groups(upgrade);
    ASSERT_THAT(groups, SizeIs(2));
    EXPECT_FALSE(groups[0].to_review);
    EXPECT_TRUE(groups[1].to_review);
}

}  // namespace
}  // namespace exportgate::report
