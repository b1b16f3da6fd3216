// Times two sides against each other, live: in every launch a fresh process of each (and a second
// one of the other side, which is the same code) on one CPU, block by block in random order; and
// again, in fresh launches, what the first ones leave open.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "bench/session.h"

namespace exportgate::bench {

struct TimedSide {
    std::string what;                  // what messages call it: "default (cases)"
    std::filesystem::path executable;  // its exportgate-bench
    std::filesystem::path plan;        // the file that says what it is asked
    std::string cases;                 // the folder of its cases, as it was named
};

struct PairingOptions {
    TimedSide measured;
    TimedSide against;
    std::int64_t seed = 0;
    int launches = 5;  // in each stage
    int pairs = 20;
    std::int64_t block_ns = 1'000'000;
    int cpu = 0;
    /// Where it is given, the number of launches that fit, at least least_launches; what is left
    /// open then takes longer.
    std::optional<std::chrono::duration<double>> budget = {};
    int same_code = 4;  // how many benchmarks are timed with a third process; 0: all
    bool again = true;  // false: no fresh launches (ci/calibrate draws them from others)
    std::function<double(const Name&)> threshold;
};

/// What is being done, for a line of progress.
struct PairingProgress {
    bool again = false;  // in the fresh launches
    int launch = 0;      // from 1
    int launches = 0;
    std::string doing;  // "starting", "preparing", "timing"
    std::size_t benchmarks = 0;
    double share = 0;  // of the launch's blocks
};

struct PairingEvents {
    std::function<void(const PairingProgress&)> progress;
    std::function<void(const std::string&)> notice;  // "a worker died; this launch begins again"
};

/// How many launches fit into `budget` if each takes `launch`, of which `starting` until its first
/// block, and what they leave open is timed in as many fresh ones, whose time is that of starting.
/// 0: fewer than least_launches; at most 1001.
int launches_within(std::chrono::duration<double> budget, std::chrono::duration<double> launch,
                    std::chrono::duration<double> starting);

/// Errors: a process does not start or is not understood in the first launch; no benchmark is on
/// both sides; the budget is too short (said after the first launch). A process that dies later, a
/// benchmark that raises: `failed` of the benchmarks that it ended. SIGINT and SIGTERM: the session
/// says that it is incomplete, with the launches that were complete.
Result<Session> time_pairs(const PairingOptions& options, const PairingEvents& events);

}  // namespace exportgate::bench
