#include "bench/measurements.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>

namespace exportgate::bench {
namespace {

constexpr const char* context =
    R"("context": {"date": "2026-11-25T15:00:00+00:00", "num_cpus": 2, "exportgate": "0.1.0",
       "environment": "default", "torch": "2.13.0", "machine": "ab12" {}})";

std::string row(const std::string& name, double time, const std::string& more = "") {
    return fmt::format(
        R"({{"name": "{0}", "run_name": "{0}", "run_type": "iteration", "real_time": {1},
            "cpu_time": {1}, "time_unit": "ns", "leaves": 64.0, "allocations": 3.0{2}}})",
        name, time, more);
}

std::string file_of(const std::vector<std::string>& rows, const std::string& more_context = "") {
    std::string with = context;
    with.replace(with.find("{}"), 2, more_context);
    return fmt::format(R"({{{}, "benchmarks": [{}]}})", with, fmt::join(rows, ", "));
}

Measurements parsed(const std::string& text) {
    Result<Measurements> read = parse_measurements(text, "bench.json");
    EXPECT_TRUE(read) << to_string(read.error());
    return read ? *read : Measurements{};
}

std::string refusal(const std::string& text) {
    const Result<Measurements> read = parse_measurements(text, "bench.json");
    return read ? "" : to_string(read.error());
}

TEST(Measurements, HoldTimesCountersAndContext) {
    const Measurements read = parsed(
        file_of({row("a/floor/layers:32", 400), row("a/flatten/plain/pytree/layers:32", 22000),
                 row("a/call/plain/program/layers:32", 90000,
                     R"(, "flatten_share": 0.4, "flattens": 3.0)")}));
    EXPECT_EQ(read.date, "2026-11-25T15:00:00+00:00");
    EXPECT_EQ(read.context.at("torch"), "2.13.0");
    ASSERT_EQ(read.timings.size(), 3u);
    EXPECT_EQ(read.timings[1].name.implementation, "pytree");
    EXPECT_EQ(read.timings[1].real_time_ns, 22000);
    EXPECT_EQ(read.timings[1].time_per_leaf_ns(), 22000.0 / 64);
    EXPECT_EQ(read.timings[1].allocations, 3);
    EXPECT_TRUE(std::isnan(read.timings[1].flatten_share));
    EXPECT_EQ(read.timings[2].flatten_share, 0.4);
    EXPECT_EQ(read.timings[2].flattens, 3);
}

TEST(Measurements, RepetitionsHaveASpread) {
    const Measurements read =
        parsed(file_of({row("a/floor/layers:8", 100), row("a/floor/layers:8", 104),
                        row("a/floor/layers:8", 90), row("a/floor/layers:32", 400)}));
    ASSERT_EQ(read.timings.size(), 2u);
    EXPECT_EQ(read.timings[0].real_time_ns, 100);
    EXPECT_EQ(read.timings[0].repetitions, 3u);
    EXPECT_DOUBLE_EQ(read.timings[0].spread, 0.07);
    EXPECT_TRUE(std::isnan(read.timings[1].spread));
}

TEST(Measurements, AreComparedWithTheFloorOfTheSameSize) {
    const Measurements read = parsed(
        file_of({row("a/floor/layers:8", 100), row("a/floor/layers:32", 400),
                 row("b/floor/layers:32", 500), row("a/flatten/plain/pytree/layers:32", 22000),
                 row("a/flatten/plain/pytree/layers:80", 50000)}));
    EXPECT_EQ(times_floor(read, read.timings[3]), 55);
    EXPECT_EQ(floor_of(read, read.timings[4]), nullptr);
    EXPECT_TRUE(std::isnan(times_floor(read, read.timings[4])));
}

TEST(Measurements, OfRepetitionsAreTheMedian) {
    const std::string name = "a/floor/layers:1";
    std::string mean = row(name, 7777);
    mean.replace(mean.find("iteration"), 9, "aggregate");
    const Measurements read =
        parsed(file_of({row(name, 900), row(name, 100), row(name, 110), mean}));
    ASSERT_EQ(read.timings.size(), 1u);
    EXPECT_EQ(read.timings[0].real_time_ns, 110);
}

TEST(Measurements, OfAggregatesOnlyAreTheirMedian) {
    std::string median = row("a/floor/layers:1", 120, R"(, "aggregate_name": "median")");
    median.replace(median.find("iteration"), 9, "aggregate");
    EXPECT_EQ(parsed(file_of({median})).timings.at(0).real_time_ns, 120);
}

TEST(Measurements, AreInNanosecondsWhateverTheUnit) {
    std::string in_us = row("a/floor/layers:1", 1.5);
    in_us.replace(in_us.find("\"ns\""), 4, "\"us\"");
    EXPECT_EQ(parsed(file_of({in_us})).timings.at(0).real_time_ns, 1500);
}

TEST(Measurements, SayWhatIsNotAvailableAndWhy) {
    const Measurements read = parsed(file_of(
        {row("a/floor/layers:1", 100),
         row("a/flatten/plain/fx/layers:1", 0,
             R"(, "error_occurred": true, "error_message": "TypeError: no")")},
        R"(, "not_available": "{\"a/flatten/plain/cxx_pytree/layers:1\": \"no optree\"}")"));
    ASSERT_EQ(read.timings.size(), 3u);
    EXPECT_TRUE(read.timings[0].is_available());
    EXPECT_EQ(read.timings[1].reason, "TypeError: no");
    EXPECT_EQ(read.timings[2].reason, "no optree");
    EXPECT_EQ(read.timings[2].name.implementation, "cxx_pytree");
    EXPECT_TRUE(std::isnan(read.timings[2].real_time_ns));
}

TEST(Measurements, WithoutATimeAreNotAvailable) {
    const Measurements read = parsed(file_of({row("a/floor/layers:1", 0)}));
    EXPECT_EQ(read.timings.at(0).reason, "the file has no time of it");
    EXPECT_EQ(floor_of(read, read.timings[0]), nullptr);
}

TEST(Measurements, OfAnotherProgramAreRefused) {
    EXPECT_THAT(refusal("[]"), testing::HasSubstr("bench.json: is not a file of Google Benchmark"));
    EXPECT_THAT(refusal(R"({"context": {}, "benchmarks": []})"),
                testing::HasSubstr("does not say \"exportgate\""));
    EXPECT_THAT(refusal(file_of({row("BM_memcpy/8", 10)})), testing::HasSubstr("BM_memcpy/8"));
    EXPECT_THAT(refusal(file_of({"{}"})), testing::HasSubstr("cannot be read"));
    EXPECT_THAT(refusal(file_of({}, R"(, "not_available": "{")")),
                testing::HasSubstr("cannot be read"));
}

TEST(Measurements, ThatAreCutOffAreRefused) {
    const std::string whole = file_of({row("a/floor/layers:1", 100)});
    EXPECT_THAT(refusal(whole.substr(0, whole.size() - 2)), testing::HasSubstr("cut off"));
    EXPECT_THAT(refusal(""), testing::HasSubstr("cut off"));
}

TEST(Measurements, OfAFileThatIsMissingAreRefused) {
    EXPECT_FALSE(read_measurements("/nowhere/bench.json"));
}

}  // namespace
}  // namespace exportgate::bench
