#include "bench/table.h"

#include <gmock/gmock.h>

namespace exportgate::bench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Timing timed(const std::string& name, double ns, double leaves) {
    Timing timing;
    timing.name = *parse_name(name);
    timing.real_time_ns = ns;
    timing.leaves = leaves;
    return timing;
}

Timing missing(const std::string& name, const std::string& reason) {
    Timing timing;
    timing.name = *parse_name(name);
    timing.reason = reason;
    return timing;
}

Measurements measured() {
    Measurements all;
    all.context = {{"environment", "default"}, {"torch", "2.13.0+cpu"}, {"python", "3.11.2"},
                   {"threads", "1"},           {"gc", "off"},           {"clock", "real time"},
                   {"floor", "a C function"}};
    all.timings = {timed("kv/floor/layers:1", 40, 2),
                   timed("kv/floor/layers:32", 128, 64),
                   timed("kv/flatten/plain/pytree/layers:32", 25600, 64),
                   timed("kv/flatten/plain/function/layers:1", 100, 2),
                   timed("kv/flatten/plain/function/layers:32", 192, 64),
                   timed("kv/call/plain/program/layers:1", 50000, 2)};
    all.timings.back().flatten_share = 0.36;
    all.timings.back().flattens = 3;
    return all;
}

TEST(BenchTable, HasARowForEveryImplementationAndAColumnForEverySize) {
    EXPECT_EQ(table(measured()),
              "default: torch 2.13.0+cpu, Python 3.11.2; 1 thread, gc off, real time\n"
              "ns per leaf, and times the floor: a C function\n"
              "\n"
              "kv\n"
              "  layers                               1             32\n"
              "  floor                             20.0           2.00\n"
              " plain\n"
              "  flatten            function       50.0   2.50x   3.00   1.50x\n"
              "                     pytree                         400    200x\n"
              "  call               program       25.0k   1250x\n"
              "    of which flatten                 36% 3 times\n");
}

TEST(BenchTable, SaysOnceWhatIsNowhereAvailable) {
    Measurements all = measured();
    for (const char* name :
         {"kv/flatten/plain/cxx_pytree/layers:1", "kv/flatten/plain/cxx_pytree/layers:32"})
        all.timings.push_back(missing(name, "optree is not installed"));
    EXPECT_THAT(table(all), HasSubstr("\n\ncxx_pytree: not available: optree is not installed\n"));
    EXPECT_THAT(table(all), Not(HasSubstr("  cxx_pytree")));
}

TEST(BenchTable, SaysInTheRowWhatIsNotAvailableThere) {
    Measurements all = measured();
    all.timings.push_back(missing("kv/unflatten/plain/pytree/layers:1", "raises"));
    all.timings.push_back(missing("kv/unflatten/plain/pytree/layers:32", "raises"));
    EXPECT_THAT(table(all),
                HasSubstr("  unflatten          pytree        not available: raises\n"));
}

TEST(BenchTable, SaysBelowTheRowWhatIsNotAvailableAtSomeSizes) {
    Measurements all = measured();
    all.timings.push_back(missing("kv/call/plain/program/layers:32", "export is refused"));
    EXPECT_THAT(table(all), HasSubstr("  call               program       25.0k   1250x      -\n"
                                      "    layers 32: not available: export is refused\n"));
}

TEST(BenchTable, WithoutAFloorHasNoRatios) {
    Measurements all = measured();
    all.timings.erase(all.timings.begin(), all.timings.begin() + 2);
    EXPECT_THAT(table(all), HasSubstr("pytree                         400\n"));
}

TEST(ThreeDigits, AreThoseThatTell) {
    EXPECT_EQ(three_digits(2.236), "2.24");
    EXPECT_EQ(three_digits(9.999), "10.0");
    EXPECT_EQ(three_digits(14.73), "14.7");
    EXPECT_EQ(three_digits(478.3), "478");
    EXPECT_EQ(three_digits(7726.4), "7726");
    EXPECT_EQ(three_digits(77263.0), "77.3k");
    EXPECT_EQ(three_digits(1.2e6), "1.20M");
}

}  // namespace
}  // namespace exportgate::bench
