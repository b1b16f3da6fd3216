#include "verdict/history.h"

#include <gmock/gmock.h>

namespace exportgate::verdict {
namespace {

using outcome::CheckStatus;
using outcome::Grade;
using outcome::Outcome;
using outcome::Status;
using testing::ElementsAre;
using testing::IsEmpty;

Outcome program(const std::string& body, CheckStatus run = CheckStatus::pass) {
    return {Status::exported, "exportgate graph 2\n" + body + "\n", {{"run", run, {}}}};
}

Outcome refused_in(const std::string& stage) {
    return {Status::rejected,
            "exportgate rejected 2\nstage: " + stage + "\nexception: ValueError\nmessage:\n  no\n",
            {}};
}

std::vector<CellInRelease> history_of(const std::vector<Release>& releases) {
    matrix::Case mine;
    mine.name = "mine";
    mine.pairs = {{"b3", {}}, {"b4", {}}};
    const matrix::Cell cell{"mine", matrix::Kind::plain, matrix::Mode::strict,
                            matrix::DimsStyle::named, "b3"};
    return history(cell, mine, releases, 0);
}

TEST(History, VariantsAreCountedWithinAGradeInTheOrderInWhichTheyCame) {
    const std::vector<Release> releases{
        {"1", {{program("a"), ""}}},         {"2", {{program("b"), ""}}},
        {"3", {{refused_in("export"), ""}}}, {"4", {{program("a"), ""}}},
        {"5", {{program("c"), ""}}},         {"6", {{program("b", CheckStatus::fail), ""}}},
    };
    const auto seen = history_of(releases);
    std::vector<std::pair<Grade, std::size_t>> variants;
    std::vector<std::size_t> like;
    for (const auto& each : seen) {
        variants.emplace_back(each.grade, each.variant);
        like.push_back(each.like);
    }
    EXPECT_THAT(variants,
                ElementsAre(std::pair(Grade::good, 1), std::pair(Grade::good, 2),
                            std::pair(Grade::rejected, 1), std::pair(Grade::good, 1),
                            std::pair(Grade::good, 3), std::pair(Grade::not_as_asked, 1)));
    EXPECT_THAT(like, ElementsAre(0, 1, 0, 0, 1, 0)) << "compared with the one that came last";
    EXPECT_EQ(seen[3].first, &*releases[0].cells[0].outcome);
    EXPECT_EQ(seen[4].first_like, &*releases[0].cells[0].outcome);
}

TEST(History, EachIsComparedWithTheLatestThatWasSeen) {
    const std::vector<Release> releases{
        {"1", {{program("a"), ""}}}, {"2", {{std::nullopt, "the worker died"}}},
        {"3", {{std::nullopt, ""}}}, {"4", {{program("b"), ""}}},
        {"5", {{program("b"), ""}}},
    };
    const auto seen = history_of(releases);
    EXPECT_FALSE(seen[0].since);
    EXPECT_FALSE(seen[1].since);
    EXPECT_EQ(seen[1].seen->reason, "the worker died");
    ASSERT_TRUE(seen[3].since);
    EXPECT_EQ(seen[3].since->release, 0U);
    EXPECT_EQ(seen[3].since->verdict, Verdict::changed);
    EXPECT_THAT(seen[3].since->reasons,
                ElementsAre(Difference{Direction::neither, OtherProgram{}}));
    EXPECT_EQ(seen[4].since->verdict, Verdict::as_expected);
    EXPECT_THAT(seen[4].since->reasons, IsEmpty());
}

TEST(History, AnErrorOfTheCaseIsToldFromARefusalOfTorch) {
    const auto seen =
        history_of({{"1", {{refused_in("import"), ""}}}, {"2", {{refused_in("export"), ""}}}});
    EXPECT_TRUE(seen[0].is_case_error);
    EXPECT_FALSE(seen[1].is_case_error);
}

}  // namespace
}  // namespace exportgate::verdict
