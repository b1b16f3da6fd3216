#include "bench/gate.h"

#include <gmock/gmock.h>

#include <cmath>

#include "sessions.h"

namespace exportgate::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(LaunchRatios, AreTheMediansOfThePairsNotTheRatioOfTheTotals) {
    LaunchPairs launch{0, 10, {{1000, 1000}, {1100, 1000}, {90'000, 1000}}};
    EXPECT_THAT(launch_ratios({launch}), ElementsAre(1.1));
}

TEST(Compare, TheMedianOfTheLaunchesDecidesNotTheirMean) {
    const Series series = series_of({1.0, 1.0, 1.01, 1.02, 1.09});
    const Comparison comparison = compare(series, 5);
    EXPECT_EQ(comparison.verdict, Speed::same);
    EXPECT_DOUBLE_EQ(comparison.ratio, 1.01);
    EXPECT_DOUBLE_EQ(comparison.low, 1.0);
    EXPECT_DOUBLE_EQ(comparison.high, 1.09);
    EXPECT_DOUBLE_EQ(comparison.coverage, 0.9375);
}

TEST(Compare, ATimeIsPerCall) {
    const Comparison comparison = compare(series_of({1.02, 1.02, 1.02, 1.02, 1.02}), 5);
    EXPECT_DOUBLE_EQ(comparison.against_ns, against_ns_per_call);
    EXPECT_DOUBLE_EQ(comparison.measured_ns, against_ns_per_call * 1.02);
}

TEST(Compare, OverTheLineTwiceIsSlower) {
    const Series series = series_of({1.10, 1.11, 1.09, 1.10, 1.12}, {1.08, 1.10, 1.09, 1.07, 1.11});
    const Comparison comparison = compare(series, 5);
    EXPECT_EQ(comparison.verdict, Speed::slower);
    EXPECT_THAT(comparison.why, IsEmpty());
    // Those of the fresh launches: the first ones were chosen for what they showed.
    EXPECT_DOUBLE_EQ(comparison.ratio, 1.09);
    EXPECT_DOUBLE_EQ(comparison.measured_ns, against_ns_per_call * 1.09);
    EXPECT_DOUBLE_EQ(comparison.high, 1.11);
    EXPECT_THAT(comparison.launch_ratios, ElementsAre(1.10, 1.11, 1.09, 1.10, 1.12));
}

TEST(Compare, OverTheLineOnceIsNot) {
    const Series series = series_of({1.06, 1.06, 1.06, 1.06, 1.06}, {1.0, 1.01, 1.0, 0.99, 1.02});
    const Comparison comparison = compare(series, 5);
    EXPECT_EQ(comparison.verdict, Speed::same);
    EXPECT_THAT(comparison.why, HasSubstr("1.060 in the first launches"));
}

TEST(Compare, ExactlyTheThresholdIsNotAboveIt) {
    Series series = series_of({1.25, 1.25, 1.25, 1.25, 1.25});
    series.threshold = 1.25;
    EXPECT_EQ(compare(series, 5).verdict, Speed::same);
    series.threshold = 1.2499;
    EXPECT_TRUE(needs_fresh_launches(series));
}

TEST(Compare, FasterIsBelowTheOppositeLineTwice) {
    const std::vector<double> fast{0.90, 0.91, 0.89, 0.90, 0.92};
    EXPECT_EQ(compare(series_of(fast, fast), 5).verdict, Speed::faster);
    EXPECT_EQ(compare(series_of(fast, {0.97, 0.97, 0.97, 0.97, 0.97}), 5).verdict, Speed::same);
    // What was once wide and then fast was over the line once only.
    EXPECT_EQ(compare(series_of({1.0, 1.0, 1.0, 1.0, 1.2}, fast), 5).verdict, Speed::same);
    // The opposite line of 1.05 is 1 / 1.05 = 0.952, of 1.5 it is 0.667.
    EXPECT_FALSE(needs_fresh_launches(series_of({0.953, 0.953, 0.953, 0.953, 0.953})));
    Series series = series_of({0.6, 0.6, 0.6, 0.6, 0.6});
    series.threshold = 1.5;
    EXPECT_TRUE(needs_fresh_launches(series));
}

TEST(Compare, OnlyTheFreshLaunchesOverTheLineIsInconclusive) {
    const Series series = series_of({1.0, 1.0, 1.01, 1.2, 1.2}, {1.06, 1.06, 1.07, 1.06, 1.08});
    const Comparison comparison = compare(series, 5);
    EXPECT_EQ(comparison.verdict, Speed::inconclusive);
    EXPECT_THAT(comparison.why, HasSubstr("only one of them is above 1.05"));
    EXPECT_GT(comparison.launches_to_settle, 10);
}

TEST(Compare, OppositeStagesAreInconclusive) {
    const Series series = series_of({1.1, 1.1, 1.1, 1.1, 1.1}, {0.9, 0.9, 0.9, 0.9, 0.9});
    EXPECT_EQ(compare(series, 5).verdict, Speed::inconclusive);
}

TEST(Compare, AnIntervalThatReachesTheSquareOfTheThresholdIsRunAgain) {
    EXPECT_FALSE(needs_fresh_launches(series_of({1.0, 1.0, 1.0, 1.0, 1.1024})));
    EXPECT_TRUE(needs_fresh_launches(series_of({1.0, 1.0, 1.0, 1.0, 1.1026})));
    const std::vector<double> wide{1.0, 1.0, 1.01, 1.02, 1.15};
    const Comparison once = compare(series_of(wide, {1.0, 1.0, 1.01, 1.01, 1.02}), 5);
    EXPECT_EQ(once.verdict, Speed::same);
    const Comparison twice = compare(series_of(wide, wide), 5);
    EXPECT_EQ(twice.verdict, Speed::inconclusive);
    EXPECT_THAT(twice.why, HasSubstr("a slowdown of 10% is not excluded"));
    EXPECT_GT(twice.launches_to_settle, 5);
}

TEST(Compare, NotRunAgainIsNeverSame) {
    const Series series = series_of({1.10, 1.11, 1.09, 1.10, 1.12});
    const Comparison comparison = compare(series, 5);
    EXPECT_EQ(comparison.verdict, Speed::inconclusive);
    EXPECT_THAT(comparison.why, HasSubstr("timed again in 0 of 5 fresh ones"));
    EXPECT_EQ(compare(series_of({1.1, 1.1, 1.1, 1.1, 1.1}, {1.1, 1.1, 1.1}), 5).verdict,
              Speed::inconclusive);
}

TEST(Compare, FewerLaunchesThanAskedOrThanCanBeJudgedAreInconclusive) {
    const Comparison cut = compare(series_of({1.0, 1.0, 1.0, 1.0}), 5);
    EXPECT_EQ(cut.verdict, Speed::inconclusive);
    EXPECT_THAT(cut.why, HasSubstr("timed in 4 of 5 launches"));
    const Comparison few = compare(series_of({1.0, 1.0, 1.0, 1.0}), 4);
    EXPECT_EQ(few.verdict, Speed::inconclusive);
    EXPECT_THAT(few.why, HasSubstr("5 are the least"));
    EXPECT_EQ(compare(Series{}, 0).verdict, Speed::inconclusive);
}

TEST(Compare, AWorkerThatFailedIsNeverGreen) {
    Series series = series_of({1.0, 1.0, 1.0, 1.0, 1.0});
    series.failed = "the measured side's worker was killed by signal 9 (Killed)";
    const Comparison comparison = compare(series, 5);
    EXPECT_EQ(comparison.verdict, Speed::inconclusive);
    EXPECT_EQ(comparison.why, series.failed);
}

TEST(Judge, IsGoodWhereNothingIsSlower) {
    const SessionResult result = judge(session_of({quiet("kv/flatten/plain/pytree/layers:1")}));
    EXPECT_EQ(result.verdict, SessionVerdict::good) << result.why;
    EXPECT_EQ(exit_code(result.verdict), 0);
}

TEST(Judge, OneSlowerBenchmarkMakesTheSession) {
    const SessionResult result = judge(session_of(
        {quiet("kv/flatten/plain/pytree/layers:1"), slow("kv/flatten/plain/pytree/layers:32")}));
    EXPECT_EQ(result.verdict, SessionVerdict::slower);
    EXPECT_EQ(result.why, "1 of 2 benchmarks slower");
    EXPECT_EQ(exit_code(result.verdict), 1);
}

TEST(Judge, SlowerOutweighsInconclusiveWhichOutweighsGood) {
    Series unclear = quiet("kv/flatten/plain/pytree/layers:8");
    unclear.failed = "raised";
    EXPECT_EQ(judge(session_of({unclear, slow("kv/flatten/plain/pytree/layers:32")})).verdict,
              SessionVerdict::slower);
    const SessionResult result =
        judge(session_of({unclear, quiet("kv/flatten/plain/pytree/layers:1")}));
    EXPECT_EQ(result.verdict, SessionVerdict::inconclusive);
    EXPECT_EQ(exit_code(result.verdict), 2);
}

TEST(Judge, IsVoidWhereTheSameCodeIsNotTheSame) {
    for (const Series& odd : {slow("kv/flatten/plain/pytree/layers:1"),
                              slow("kv/flatten/plain/pytree/layers:1", 0.8)}) {
        Session session = session_of({slow("kv/flatten/plain/pytree/layers:32")});
        session.same_code = {quiet("kv/flatten/plain/pytree/layers:8"), odd};
        const SessionResult result = judge(session);
        EXPECT_TRUE(result.is_void());
        EXPECT_EQ(exit_code(result.verdict), 2);
        EXPECT_THAT(result.why, HasSubstr("1 did not come out as the same"));
    }
}

TEST(Judge, IsVoidWhereTheSameCodeIsInconclusiveOrWasNotTimed) {
    Session session = session_of({quiet("kv/flatten/plain/pytree/layers:1")});
    session.same_code.front().failed = "raised";
    EXPECT_TRUE(judge(session).is_void());
    session.same_code.clear();
    EXPECT_TRUE(judge(session).is_void());
}

TEST(Judge, AnIncompleteSessionIsNeverJudged) {
    Session session = session_of({slow("kv/flatten/plain/pytree/layers:1")});
    session.complete = false;
    session.reason = "interrupted";
    const SessionResult result = judge(session);
    EXPECT_EQ(result.verdict, SessionVerdict::incomplete);
    EXPECT_EQ(result.why, "interrupted");
    EXPECT_EQ(exit_code(result.verdict), 130);
}

TEST(Judge, ABenchmarkThatTheMeasuredSideHasLostIsNotGreen) {
    Series lost;
    lost.name = *parse_name("kv_cache/flatten/plain/cxx_pytree/layers:1");
    lost.not_measured = "optree cannot be imported";
    const SessionResult result =
        judge(session_of({quiet("kv/flatten/plain/pytree/layers:1"), lost}));
    EXPECT_EQ(result.verdict, SessionVerdict::inconclusive);
    EXPECT_THAT(result.comparisons.back().why,
                HasSubstr("not available on the measured side: optree cannot be imported"));
}

TEST(Judge, WhatTheOtherSideHasNotIsSaidAndNotCompared) {
    Series neither;
    neither.name = *parse_name("kv_cache/flatten/plain/cxx_pytree/layers:1");
    neither.not_measured = neither.not_against = "optree cannot be imported";
    Series added = neither;
    added.not_measured.clear();
    const SessionResult result =
        judge(session_of({quiet("kv/flatten/plain/pytree/layers:1"), neither, added}));
    EXPECT_EQ(result.verdict, SessionVerdict::good);
    ASSERT_EQ(result.not_compared.size(), 2U);
    EXPECT_EQ(result.not_compared[0].reason, "optree cannot be imported");
    EXPECT_THAT(result.not_compared[1].reason, HasSubstr("only on the measured side"));
}

TEST(Judge, WhereNothingCouldBeComparedNothingIsGreen) {
    EXPECT_EQ(judge(session_of({})).verdict, SessionVerdict::inconclusive);
    Series neither;
    neither.not_measured = neither.not_against = "optree cannot be imported";
    EXPECT_EQ(judge(session_of({neither})).verdict, SessionVerdict::inconclusive);
}

}  // namespace
}  // namespace exportgate::bench
