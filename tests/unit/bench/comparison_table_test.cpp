#include "bench/comparison_table.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "bench/comparison_json.h"
#include "bench/gate.h"
#include "sessions.h"

namespace exportgate::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

Session mixed_session() {
    Series unclear = quiet("kv_cache/round_trip/plain/pytree/layers:1");
    unclear.failed = "the measured side: ValueError: no leaves";
    Series neither;
    neither.name = *parse_name("kv_cache/flatten/plain/cxx_pytree/layers:1");
    neither.not_measured = neither.not_against = "optree is not installed";
    Series other = neither;
    other.name = *parse_name("kv_cache/unflatten/plain/cxx_pytree/layers:1");
    return session_of({quiet("kv_cache/flatten/plain/pytree/layers:1"),
                       slow("kv_cache/flatten/plain/pytree/layers:2", 0.8), unclear,
                       slow("kv_cache/flatten/plain/pytree/layers:8", 1.1),
                       slow("kv_cache/flatten/plain/pytree/layers:32", 1.2), neither, other});
}

std::string table_of(const Session& session, bool all = false) {
    return comparison_table(session, judge(session), all);
}

/// Where each of `texts` stands in `text`; not in it: npos.
std::vector<std::size_t> places(const std::string& text, const std::vector<std::string>& texts) {
    std::vector<std::size_t> found;
    for (const std::string& one : texts)
        found.push_back(text.find(one));
    return found;
}

TEST(ComparisonTable, HasTheSlowestFirstThenWhatIsInconclusiveThenWhatIsFaster) {
    const std::vector<std::size_t> at = places(
        table_of(mixed_session()),
        {"layers:32\n", "layers:8\n", "round_trip", "layers:2\n", "1 benchmark,", "not compared"});
    EXPECT_TRUE(std::is_sorted(at.begin(), at.end()));
    EXPECT_NE(at.back(), std::string::npos);
}

TEST(ComparisonTable, ARowHasRatioIntervalAndTimesPerCall) {
    EXPECT_THAT(table_of(mixed_session()),
                HasSubstr("slower         1.200  1.200 to 1.200        12.0k       10.0k  "
                          "kv_cache/flatten/plain/pytree/layers:32\n"));
}

TEST(ComparisonTable, SaysWhyOfWhatIsInconclusive) {
    EXPECT_THAT(table_of(mixed_session()), HasSubstr("ValueError: no leaves\n"));
}

TEST(ComparisonTable, ShowsWhatIsTheSameOnlyWhereAllIsAskedFor) {
    const std::string row =
        "1.000  0.990 to 1.010        10.0k       10.0k  "
        "kv_cache/flatten/plain/pytree/layers:1\n";
    EXPECT_THAT(table_of(mixed_session()), Not(HasSubstr(row)));
    EXPECT_THAT(table_of(mixed_session()), HasSubstr("same          1 benchmark, ratio"));
    EXPECT_THAT(table_of(mixed_session(), true), HasSubstr(row));
}

TEST(ComparisonTable, SaysOnceWhatIsNotComparedForTheSameReason) {
    EXPECT_THAT(table_of(mixed_session()),
                HasSubstr("not compared  kv_cache/flatten/plain/cxx_pytree/layers:1 and 1 other: "
                          "optree is not installed\n"));
}

TEST(ComparisonTable, EndsWithTheVerdict) {
    const std::string table = table_of(mixed_session());
    EXPECT_TRUE(table.ends_with("\nslower: 2 of 5 benchmarks slower\n")) << table;
}

TEST(ComparisonJson, HasWhatTheTableHasAndNullForWhatIsNotKnown) {
    Session session = mixed_session();
    Series lost;
    lost.name = *parse_name("kv_cache/call/plain/program/layers:1");
    lost.not_measured = "export refused";
    session.benchmarks.push_back(lost);
    const auto json = nlohmann::json::parse(to_json(session, judge(session)));
    EXPECT_EQ(json["verdict"], "slower");
    ASSERT_EQ(json["comparisons"].size(), 6U);
    EXPECT_EQ(json["comparisons"][4]["ratio"], 1.2);
    EXPECT_EQ(json["comparisons"][4]["fresh_launch_ratios"].size(), 5U);
    EXPECT_TRUE(json["comparisons"][5]["ratio"].is_null());
    EXPECT_THAT(json["comparisons"][5]["why"].get<std::string>(), HasSubstr("export refused"));
    EXPECT_EQ(json["not_compared"].size(), 2U);
    EXPECT_EQ(json["same_code"].size(), 1U);
}

}  // namespace
}  // namespace exportgate::bench
