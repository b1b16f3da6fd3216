#include "page/benchmarks.h"

#include <gmock/gmock.h>

#include "page/figure_names.h"
#include "page/readme.h"

namespace exportgate::page {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

bench::Timing timing(const std::string& name, double ns, double leaves) {
    bench::Timing timing;
    timing.name = *bench::parse_name(name);
    timing.real_time_ns = ns;
    timing.leaves = leaves;
    return timing;
}

bench::Measurements measurements() {
    bench::Measurements all;
    all.context = {{"torch", "2.13.0+cpu"}, {"environment", "default"}, {"python", "3.11.2"}};
    all.timings = {timing("kv_cache/flatten/plain/pytree/layers:1", 600, 2),
                   timing("kv_cache/flatten/plain/pytree/layers:32", 6400, 64),
                   timing("kv_cache/call/plain/program/layers:1", 90'000, 2),
                   timing("kv_cache/floor/layers:1", 40, 2),
                   timing("kv_cache/floor/layers:32", 320, 64)};
    all.timings[1].allocations = 107;
    all.timings[2].flatten_share = 0.357;
    bench::Timing missing;
    missing.name = *bench::parse_name("kv_cache/flatten/plain/cxx_pytree/layers:1");
    missing.reason = "optree is not installed";
    all.timings.push_back(missing);
    return all;
}

TEST(BenchmarkPart, ATableHasTimePerLeafAndTimesTheFloor) {
    const BenchmarkPart part = part_of(measurements(), "");
    ASSERT_EQ(part.blocks.size(), 2U);
    const FigureTable& table = part.blocks[0].table;
    EXPECT_THAT(table.columns, ElementsAre("kind", "implementation", "1 layer", "32 layers",
                                           "allocations, 32 layers"));
    ASSERT_EQ(table.rows.size(), 3U);
    EXPECT_THAT(table.rows[0].cells,
                ElementsAre("plain", "pytree", "300 (15.0x)", "100 (20.0x)", "107"));
    EXPECT_THAT(table.rows[1].cells, ElementsAre("plain", "cxx_pytree", "not available", "", ""));
    EXPECT_THAT(table.rows[2].cells, ElementsAre("floor", "", "20.0", "5.00", ""));
}

TEST(BenchmarkPart, ACallHasItsTimeAndTheShareOfFlatten) {
    const BenchmarkPart part = part_of(measurements(), "");
    const FigureTable& table = part.blocks[1].table;
    EXPECT_THAT(table.caption, HasSubstr("us per call"));
    ASSERT_EQ(table.rows.size(), 1U) << "its floor is no flatten's";
    EXPECT_THAT(table.rows[0].cells, ElementsAre("plain", "program", "90.0 (36%)", ""));
}

TEST(BenchmarkPart, OneSizeHasAFloorOfThatSizeAlone) {
    const BenchmarkPart part = part_of(measurements(), "");
    const auto& call = std::get<Curves>(part.blocks[1].figures.at(0).content);
    EXPECT_TRUE(call.has_one_size());
    EXPECT_EQ(call.x_axis, "1 layer");
    const auto& flatten = std::get<Curves>(part.blocks[0].figures.at(0).content);
    EXPECT_FALSE(flatten.has_one_size());
    EXPECT_EQ(flatten.x_axis, "layers");
}

TEST(BenchmarkPart, FactsSayTheCpuAndHowFarRepetitionsLieApart) {
    bench::Measurements measured = measurements();
    EXPECT_THAT(part_of(measured, "").facts, Not(Contains(HasSubstr("repetitions"))));
    measured.context["cpu"] = "A CPU @ 2 GHz";
    measured.timings[0].spread = 0.02;
    measured.timings[0].repetitions = 9;
    measured.timings[1].spread = 0.1;
    measured.timings[1].repetitions = 7;
    const BenchmarkPart part = part_of(measured, "");
    EXPECT_THAT(part.facts, Contains("CPU A CPU @ 2 GHz"));
    EXPECT_THAT(part.facts, Contains(AllOf(HasSubstr("medians of 7 repetitions"),
                                           HasSubstr("within 10.0% for all (widest: "
                                                     "kv_cache/flatten/plain/pytree/layers:32)"))));
}

TEST(BenchmarkPart, NumbersHaveThreeDigits) {
    EXPECT_EQ(three_digits(1.3749), "1.37");
    EXPECT_EQ(three_digits(9.999), "10.0");
    EXPECT_EQ(three_digits(99.96), "100");
    EXPECT_EQ(three_digits(12345), "12345");
    EXPECT_EQ(three_digits(bench::unknown), "unknown");
    EXPECT_EQ(duration(999.6), "1.00 us");
    EXPECT_EQ(duration(2'808'676), "2.81 ms");
}

TEST(FigureNames, AreFilesAndIdsAndNeverTheSame) {
    FigureNames names;
    EXPECT_EQ(names.unique("a/b \"<"), "a-b---");
    EXPECT_EQ(names.unique("a.b"), "a-b");
    EXPECT_EQ(names.unique("a:b"), "a-b-2");
}

TEST(BenchmarkPart, WhatIsNotAvailableIsNamedWithItsReason) {
    EXPECT_THAT(
        part_of(measurements(), "").not_available,
        ElementsAre("kv_cache flatten, cxx_pytree, plain, 1 benchmark: optree is not installed"));
}

TEST(BenchmarkPart, AChartHasACurveForEachImplementationAndTheFloor) {
    const BenchmarkPart part = part_of(measurements(), "1-");
    const Figure& figure = part.blocks[0].figures.at(0);
    EXPECT_EQ(figure.name, "1-kv_cache-flatten-plain");
    const auto& chart = std::get<Curves>(figure.content);
    ASSERT_EQ(chart.curves.size(), 2U);
    EXPECT_EQ(chart.curves[0].name, "pytree");
    EXPECT_EQ(chart.curves[0].points[1].y, 100);
    EXPECT_TRUE(chart.curves[1].is_floor);
    EXPECT_LT(chart.lowest, 5);
    EXPECT_GT(chart.highest, 300);
    EXPECT_THAT(figure.description, HasSubstr("pytree: 300 ns at 1, 100 ns at 32."));
}

TEST(BenchmarkPart, MeasurementsAreNotJudged) {
    EXPECT_EQ(part_of(measurements(), "").verdict, "");
    EXPECT_EQ(part_of(measurements(), "").exit_code, 0);
}

bench::Session session(double ratio) {
    bench::Session session;
    session.complete = true;
    session.measured.environment.torch_build = "2.14.1+cpu";
    session.against.environment.torch_build = "2.13.0+cpu";
    session.pairs = 1;
    session.block_ns = 1'000'000;
    const auto series = [](double of, const char* name) {
        bench::Series one;
        one.name = *bench::parse_name(name);
        for (int launch = 0; launch < 5; ++launch) {
            const bench::LaunchPairs pairs{
                launch, 100, {{static_cast<std::int64_t>(1'000'000 * of), 1'000'000}}};
            one.first.push_back(pairs);
            if (of > 1.05) one.fresh.push_back({launch + 5, 100, pairs.pairs});
        }
        return one;
    };
    session.benchmarks = {series(ratio, "kv_cache/flatten/plain/pytree/layers:32"),
                          series(1, "kv_cache/unflatten/plain/pytree/layers:32")};
    session.same_code = {series(1, "kv_cache/flatten/plain/pytree/layers:1")};
    return session;
}

TEST(BenchmarkPart, ASlowerBenchmarkFailsAndIsOpen) {
    const BenchmarkPart part = part_of(session(1.2), "");
    EXPECT_EQ(part.exit_code, 1);
    EXPECT_EQ(part.title, "torch 2.14.1+cpu against 2.13.0+cpu");
    ASSERT_EQ(part.blocks.size(), 3U);
    EXPECT_TRUE(part.blocks[0].open);
    EXPECT_EQ(part.blocks[0].table.rows[0].mark, "slower");
    EXPECT_FALSE(part.blocks[1].open);
    const auto& chart = std::get<Ratios>(part.blocks[0].figures.at(0).content);
    EXPECT_EQ(chart.rows[0].mark, RatioMark::slower);
    EXPECT_NEAR(chart.rows[0].ratio, 1.2, 1e-9);
}

TEST(BenchmarkPart, TheSameCodeIsGood) {
    const BenchmarkPart part = part_of(session(1), "");
    EXPECT_EQ(part.exit_code, 0);
    EXPECT_FALSE(part.blocks[0].open);
}

TEST(BenchmarkPart, TheSameCodeOfSeveralOperationsIsNamedInFull) {
    bench::Session several = session(1);
    several.same_code.push_back(several.same_code[0]);
    several.same_code[1].name = *bench::parse_name("kv_cache/unflatten/plain/pytree/layers:1");
    const BenchmarkPart part = part_of(several, "");
    EXPECT_EQ(part.blocks[2].table.rows[0].cells[0], "kv_cache/flatten/plain/pytree/layers:1");
    EXPECT_EQ(part.blocks[0].table.rows[0].cells[0], "plain/pytree/layers:32");
}

TEST(BenchmarkPart, AVoidSessionSaysSoBeforeItsNumbers) {
    bench::Session noisy = session(1);
    noisy.same_code[0].first = session(1.2).benchmarks[0].first;
    noisy.same_code[0].fresh = session(1.2).benchmarks[0].fresh;
    const BenchmarkPart part = part_of(noisy, "");
    EXPECT_EQ(part.exit_code, 2);
    EXPECT_THAT(part.cautions, ElementsAre(HasSubstr("void")));
}

TEST(BenchmarkPart, AnIncompleteSessionIsNotJudged) {
    bench::Session cut = session(1);
    cut.complete = false;
    cut.reason = "interrupted";
    const BenchmarkPart part = part_of(cut, "");
    EXPECT_EQ(part.exit_code, 2);
    EXPECT_THAT(part.cautions, ElementsAre("The session is incomplete: interrupted"));
}

TEST(Readme, OnlyWhatStandsBetweenTheMarkersChanges) {
    const std::string text =
        "# A\n<!-- exportgate:benchmarks -->\nold\n<!-- /exportgate:benchmarks -->\nrest\n";
    const std::vector<bench::Measurements> all{measurements()};
    const Result<std::string> filled = fill_readme(text, "README.md", all);
    ASSERT_TRUE(filled);
    EXPECT_THAT(*filled, testing::StartsWith("# A\n<!-- exportgate:benchmarks -->\n"));
    EXPECT_THAT(*filled, testing::EndsWith("<!-- /exportgate:benchmarks -->\nrest\n"));
    EXPECT_THAT(*filled, AllOf(HasSubstr("| plain | pytree | 300 (15.0x) | 100 (20.0x) | 107 |"),
                               Not(HasSubstr("old")), Not(HasSubstr("90"))));
    EXPECT_EQ(*fill_readme(*filled, "README.md", all), *filled);
}

TEST(Readme, MissingMarkersAreAnErrorThatNamesThem) {
    const std::vector<bench::Measurements> all{measurements()};
    EXPECT_THAT(fill_readme("# A\n", "R.md", all).error().remedy,
                HasSubstr(std::string(readme_end)));
    EXPECT_FALSE(fill_readme(std::string(readme_begin), "R.md", all));
    EXPECT_FALSE(fill_readme(std::string(readme_end) + std::string(readme_begin), "R.md", all));
    const Result<std::string> twice = fill_readme(
        std::string(readme_begin) + "\n" + std::string(readme_begin) + std::string(readme_end),
        "R.md", all);
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().line, 2);
    EXPECT_FALSE(fill_readme(std::string(readme_begin) + std::string(readme_end), "R.md", {}));
}

}  // namespace
}  // namespace exportgate::page
