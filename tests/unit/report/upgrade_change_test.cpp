#include <gmock/gmock.h>

#include "report/pair_difference.h"
#include "upgrade_samples.h"

namespace exportgate::report {
namespace {

using namespace samples;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string first_of_pair = "mine/plain/strict/named/b3";
const std::string second_of_pair = "mine/plain/strict/named/b4";
const std::string of_another_kind = "mine/module/strict/named/b3";

TEST(Change, SaysWhatTorchNowRefuses) {
    auto upgrade = all_same();
    const auto change =
        change_of(upgrade, move(upgrade, first_of_pair, exported(), rejected("batch is 3")));
    EXPECT_EQ(change.summary, "exported -> rejected");
    EXPECT_EQ(change.before, "exported, all checks pass");
    EXPECT_EQ(change.after, "rejected in export: ValueError");
    EXPECT_THAT(change.message, ElementsAre("batch is 3"));
    EXPECT_THAT(change.diff, IsEmpty());
    EXPECT_THAT(change.reasons, IsEmpty());
}

TEST(Change, SaysWhichCheckTurned) {
    auto upgrade = all_same();
    const auto change = change_of(
        upgrade, move(upgrade, first_of_pair, exported(), exported("graph", CheckStatus::fail)));
    EXPECT_EQ(change.summary, "check run pass -> fail");
    EXPECT_THAT(change.reasons, ElementsAre("check run: pass -> fail: pair b4: NameError"));
}

TEST(Change, SeveralChecksThatTurnAreNamedTogether) {
    auto before = exported();
    auto after = exported("graph", CheckStatus::fail);
    for (const auto* name : {"retrace", "save_load"}) {
        before.checks.push_back({name, CheckStatus::pass, {}});
        after.checks.push_back({name, CheckStatus::fail, {}});
    }
    before.checks.push_back({"dims", CheckStatus::fail, {}});
    after.checks.push_back({"dims", CheckStatus::pass, {}});
    auto upgrade = all_same();
    const auto& judgement = move(upgrade, first_of_pair, before, after);
    EXPECT_EQ(change_of(upgrade, judgement).summary,
              "checks run, retrace and save_load pass -> fail, check dims fail -> pass");
}

TEST(Change, DiffsAreNamedByTheTwoSides) {
    auto upgrade = all_same();
    const auto change =
        change_of(upgrade, move(upgrade, first_of_pair, exported("one"), exported("two")));
    ASSERT_GE(change.diff.size(), 2U);
    EXPECT_EQ(change.diff[0], "--- 2.9.1");
    EXPECT_EQ(change.diff[1], "+++ 2.10.0");
    EXPECT_THAT(change.diff, testing::IsSupersetOf({"-one", "+two"}));
}

TEST(Change, SaysWhatIsGained) {
    const auto dynamic = exported("\nsymbols\n  s0  \"batch\"  1..1024\n  s1  no range\n\ngraph");
    auto upgrade = all_same();
    move(upgrade, first_of_pair, rejected("no"), dynamic);
    move(upgrade, second_of_pair, rejected("no"), dynamic);
    move(upgrade, of_another_kind, rejected("no"), exported());
    EXPECT_THAT(change_groups(upgrade)[0].gains,
                ElementsAre("a program with \"batch\" 1..1024 dynamic (2 cells)",
                            "a program of fixed shapes (1 cell)"));
    move(upgrade, first_of_pair, exported("one"), dynamic);
    EXPECT_THAT(change_groups(upgrade)[0].gains, IsEmpty()) << "it exported before";
}

TEST(Change, ControlCharactersAreGone) {
    auto upgrade = all_same();
    const auto change =
        change_of(upgrade, move(upgrade, first_of_pair, exported(), rejected("\x1b[2Jgone")));
    EXPECT_EQ(change.message[0].find('\x1b'), std::string::npos);
}

TEST(OtherDifferences, AreThoseThatCouldExplainAChange) {
    auto upgrade = all_same();
    EXPECT_THAT(other_differences(upgrade), IsEmpty());
    upgrade.before.environment.packages = {
        {"sympy", "1.13.1"}, {"torch", "2.9.1"}, {"nvidia-nccl-cu12", "2.1"}, {"only", "1"}};
    upgrade.after.environment.packages = {
        {"sympy", "1.14.0"}, {"torch", "2.10.0"}, {"nvidia-nccl-cu12", "2.2"}, {"new", "1"}};
    upgrade.after.environment.python = "3.12.1";
    EXPECT_THAT(other_differences(upgrade),
                ElementsAre("Python 3.11.7 -> 3.12.1", "new (not installed) -> 1",
                            "only 1 -> (not installed)", "sympy 1.13.1 -> 1.14.0"));
    upgrade.after.inputs_digest = "0123456789abcdef";
    EXPECT_THAT(other_differences(upgrade), testing::Contains(HasSubstr("the case code")));
}

TEST(PairDifference, IsWordByWord) {
    const matrix::Pair small{"b3", {{"batch", 3}, {"length", 5}}};
    const matrix::Pair big{"b4", {{"batch", 4}, {"length", 11}}};
    EXPECT_TRUE(differs_in_pair_only("[3, 8, 5]", small, "[4, 8, 11]", big));
    EXPECT_TRUE(differs_in_pair_only("b3 refuses b4", small, "b4 refuses b3", big));
    EXPECT_FALSE(differs_in_pair_only("[3, 8, 5]", small, "[4, 8, 4]", big)) << "of another dim";
    EXPECT_FALSE(differs_in_pair_only("[3]", small, "[4, 8]", big));
    EXPECT_FALSE(differs_in_pair_only("[3", small, "[4]", big));
    EXPECT_FALSE(differs_in_pair_only("s3", small, "s4", big)) << "a name";
    EXPECT_FALSE(differs_in_pair_only("0.3", small, "0.4", big)) << "another number";
    EXPECT_FALSE(differs_in_pair_only("33", small, "44", big));
    EXPECT_TRUE(differs_in_pair_only("is 3.", small, "is 4.", big)) << "the end of a sentence";
}

}  // namespace
}  // namespace exportgate::report
