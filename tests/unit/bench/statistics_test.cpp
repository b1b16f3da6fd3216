#include "bench/statistics.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>
#include <vector>

namespace exportgate::bench {
namespace {

TEST(Median, IsTheMiddleOrTheMeanOfTheTwoInTheMiddle) {
    EXPECT_EQ(median(std::vector<double>{9, 1, 5}), 5);
    EXPECT_EQ(median(std::vector<double>{9, 1, 5, 6}), 5.5);
    EXPECT_TRUE(std::isnan(median({})));
}

// The coverages are those of tables of the sign test (Conover, table A3).
TEST(MedianInterval, OfFiveIsTheirRangeAndCoversLessThanWanted) {
    const Interval interval = median_interval(std::vector<double>{5, 3, 1, 2, 4});
    EXPECT_EQ(interval.low, 1);
    EXPECT_EQ(interval.high, 5);
    EXPECT_NEAR(interval.coverage, 0.9375, 1e-12);
}

TEST(MedianInterval, OfTenLeavesOutTheSmallestAndTheLargest) {
    const Interval interval = median_interval(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 100});
    EXPECT_EQ(interval.low, 2);
    EXPECT_EQ(interval.high, 9);
    EXPECT_NEAR(interval.coverage, 1 - 2 * 11.0 / 1024, 1e-12);
}

TEST(MedianInterval, OfTwentyGoesFromTheSixthToTheFifteenth) {
    std::vector<double> values;
    for (int i = 1; i <= 20; ++i)
        values.push_back(i);
    const Interval interval = median_interval(values);
    EXPECT_EQ(interval.low, 6);
    EXPECT_EQ(interval.high, 15);
    EXPECT_NEAR(interval.coverage, 0.9586, 5e-5);
}

TEST(MedianInterval, OfOneCoversNothing) {
    const Interval interval = median_interval(std::vector<double>{1.25});
    EXPECT_EQ(interval.low, 1.25);
    EXPECT_EQ(interval.high, 1.25);
    EXPECT_EQ(interval.coverage, 0);
    EXPECT_TRUE(std::isnan(median_interval({}).low));
}

// What the interval claims, tried on values of a skewed distribution whose median is known.
TEST(MedianInterval, CoversTheTrueMedianAsOftenAsItSays) {
    std::mt19937_64 random(1);
    std::lognormal_distribution<double> skewed(0, 1);  // its median is 1
    for (const std::size_t n : {5U, 10U, 15U}) {
        constexpr int draws = 20000;
        int covered = 0;
        double claimed = 0;
        for (int i = 0; i < draws; ++i) {
            std::vector<double> values(n);
            for (double& value : values)
                value = skewed(random);
            const Interval interval = median_interval(values);
            claimed = interval.coverage;
            if (interval.low <= 1 && 1 <= interval.high) ++covered;
        }
        EXPECT_NEAR(static_cast<double>(covered) / draws, claimed, 0.01) << n;
    }
}

TEST(ValuesToSettle, GrowWithTheSquareOfWhatIsAskedOfThem) {
    const std::vector<double> values{0.0, 0.01, -0.01, 0.02, -0.02};
    const int coarse = values_to_settle(values, 0.01);
    const int fine = values_to_settle(values, 0.005);
    EXPECT_GT(coarse, 5);
    EXPECT_NEAR(fine, 4.0 * coarse, 4);
}

TEST(ValuesToSettle, AreMoreThanThereAreOrNoneWhereNoNumberWouldDo) {
    EXPECT_EQ(values_to_settle(std::vector<double>{0.01, 0.01, 0.01}, 0.05), 4);
    EXPECT_EQ(values_to_settle(std::vector<double>{0.0, 1.0, -1.0, 2.0}, 1e-6), 0);
    EXPECT_EQ(values_to_settle(std::vector<double>{0.0, 1.0}, 0), 0);
    EXPECT_EQ(values_to_settle(std::vector<double>{0.3}, 0.05), 0);
}

}  // namespace
}  // namespace exportgate::bench
