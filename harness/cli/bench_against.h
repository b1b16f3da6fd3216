// `exportgate bench --against`: the gate. Two environments, or two versions of the cases, timed
// against each other.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "bench.h"
#include "ended.h"

namespace exportgate::cli {

struct AgainstOptions {
    std::string against;          // an environment, or a file of measurements; may be empty
    std::filesystem::path cases;  // those of the other side; empty: the same
    std::string budget;           // "60s"; empty: none
    int launches = 5;
    int pairs = 20;
    double block_ms = 1;
    int cpu = -1;  // -1: the last one that this process may use
    int same_code = 4;
    std::filesystem::path session;  // where the raw pairs are kept; empty: session_file()
    std::filesystem::path json;     // where the comparisons are written; empty: nowhere
    bool all = false;
    std::filesystem::path executable,
        against_executable;  // for tests: in place of exportgate-bench
    bool raw = false;        // no fresh launches and no verdict (ci/calibrate)
    bool has_seed = false;   // --seed was given

    bool asked_for() const {
        return !against.empty() || !cases.empty();
    }
};

/// Adds --against and what only it takes.
void add_against_options(CLI::App& command, AgainstOptions& options);

/// The exit code. `options.seed` counts where `against.has_seed`; elsewhere one is drawn.
Ended bench_against(BenchOptions options, const AgainstOptions& against);

}  // namespace exportgate::cli
