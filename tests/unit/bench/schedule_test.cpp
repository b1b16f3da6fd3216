#include "bench/schedule.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

namespace exportgate::bench {
namespace {

using testing::UnorderedElementsAre;

const std::vector<std::vector<Role>>& some_roles() {
    static const std::vector<std::vector<Role>> roles{
        {Role::measured, Role::against},
        {Role::measured, Role::against, Role::same_code},
        {Role::same_code, Role::against}};
    return roles;
}

std::vector<Turn> scheduled(int pairs, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    return schedule(some_roles(), pairs, random);
}

std::vector<std::size_t> order_of(const std::vector<Turn>& turns) {
    std::vector<std::size_t> order;
    for (const Turn& turn : turns)
        order.push_back(turn.benchmark);
    return order;
}

TEST(Schedule, EveryRoundHasATurnOfEachBenchmarkWithAllItsRoles) {
    const std::vector<Turn> turns = scheduled(20, 1);
    ASSERT_EQ(turns.size(), 60U);
    for (std::size_t round = 0; round < 20; ++round) {
        std::set<std::size_t> seen;
        for (std::size_t i = 0; i < 3; ++i) {
            const Turn& turn = turns[3 * round + i];
            seen.insert(turn.benchmark);
            EXPECT_THAT(turn.roles,
                        testing::UnorderedElementsAreArray(some_roles()[turn.benchmark]));
        }
        EXPECT_THAT(seen, UnorderedElementsAre(0U, 1U, 2U));
    }
}

TEST(Schedule, EachSideIsAsOftenTheFirst) {
    int measured_first = 0;
    for (const Turn& turn : scheduled(1000, 2)) {
        if (turn.benchmark == 0 && turn.roles.front() == Role::measured) ++measured_first;
    }
    EXPECT_NEAR(measured_first, 500, 80);  // five standard deviations
}

TEST(Schedule, TheBenchmarksAreInAnotherOrderInEachRound) {
    std::map<std::size_t, int> first_of_round;
    const std::vector<Turn> turns = scheduled(300, 3);
    for (std::size_t i = 0; i < turns.size(); i += 3)
        ++first_of_round[turns[i].benchmark];
    for (const auto& [benchmark, count] : first_of_round)
        EXPECT_NEAR(count, 100, 45) << benchmark;
    EXPECT_EQ(first_of_round.size(), 3U);
}

TEST(Schedule, FollowsFromTheSeed) {
    EXPECT_EQ(order_of(scheduled(20, 4)), order_of(scheduled(20, 4)));
    EXPECT_NE(order_of(scheduled(20, 4)), order_of(scheduled(20, 5)));
}

TEST(Schedule, OfNothingIsEmpty) {
    EXPECT_TRUE(scheduled(0, 1).empty());
    std::mt19937_64 random(1);
    EXPECT_TRUE(schedule({}, 20, random).empty());
}

}  // namespace
}  // namespace exportgate::bench
