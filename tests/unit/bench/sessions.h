// Sessions for tests: series whose launches have the ratios that a test names.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "bench/name.h"
#include "bench/session.h"

namespace exportgate::bench {

inline constexpr double against_ns_per_call = 10'000;

inline std::vector<LaunchPairs> launches_of(const std::vector<double>& ratios, int from) {
    std::vector<LaunchPairs> launches;
    for (const double ratio : ratios) {
        constexpr std::int64_t block = 1'000'000;  // 100 calls
        const auto measured =
            static_cast<std::int64_t>(std::llround(static_cast<double>(block) * ratio));
        launches.push_back({from + static_cast<int>(launches.size()),
                            100,
                            {{measured, block}, {measured, block}, {measured, block}}});
    }
    return launches;
}

inline Series series_of(const std::vector<double>& ratios, const std::vector<double>& fresh = {},
                        const std::string& name = "kv_cache/flatten/plain/pytree/layers:32") {
    Series series;
    series.name = *parse_name(name);
    series.first = launches_of(ratios, 0);
    series.fresh = launches_of(fresh, static_cast<int>(ratios.size()));
    return series;
}

inline Series quiet(const std::string& name) {
    return series_of({1.0, 1.01, 0.99, 1.0, 1.0}, {}, name);
}

inline Series slow(const std::string& name, double ratio = 1.1) {
    const std::vector<double> all(5, ratio);
    return series_of(all, all, name);
}

inline Session session_of(std::vector<Series> benchmarks) {
    Session session;
    session.made_by = "exportgate 0.1.0";
    session.date = "2026-11-25T16:02:11Z";
    session.complete = true;
    session.measured.environment = {"default",      "2.13.0", "2.13.0+cpu",        "3.11.2",
                                    "linux-x86_64", 1,        {{"numpy", "2.3.4"}}};
    session.measured.cases = "cases";
    session.measured.context = {{"machine", "0123456789abcdef"}};
    session.against = session.measured;
    session.seed = 7;
    session.pairs = 3;
    session.block_ns = 1'000'000;
    session.cpu = 1;
    session.benchmarks = std::move(benchmarks);
    session.same_code = {quiet("kv_cache/flatten/plain/pytree/layers:1")};
    return session;
}

}  // namespace exportgate::bench
