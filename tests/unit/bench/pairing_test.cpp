#include "bench/pairing.h"

#include <gtest/gtest.h>

namespace exportgate::bench {
namespace {

using Seconds = std::chrono::duration<double>;

TEST(LaunchesWithin, LeaveRoomForStartingFreshOnes) {
    EXPECT_EQ(launches_within(Seconds(60), Seconds(8), Seconds(2)), 6);
    EXPECT_EQ(launches_within(Seconds(60), Seconds(6), Seconds(0)), 10);
}

TEST(LaunchesWithin, AreNoneWhereTheLeastDoNotFit) {
    EXPECT_EQ(launches_within(Seconds(50), Seconds(8), Seconds(2)), 5);
    EXPECT_EQ(launches_within(Seconds(49.9), Seconds(8), Seconds(2)), 0);
    EXPECT_EQ(launches_within(Seconds(0), Seconds(8), Seconds(2)), 0);
}

TEST(LaunchesWithin, HaveAnEnd) {
    EXPECT_EQ(launches_within(Seconds(1e18), Seconds(1), Seconds(1)), 1001);
}

}  // namespace
}  // namespace exportgate::bench
