// `exportgate bench`: what its two forms share, timing one environment and comparing two.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/plan.h"
#include "workspace.h"

namespace exportgate::cli {

struct BenchOptions {
    std::filesystem::path environments;
    std::string environment;
    Folders folders;
    std::vector<std::string> patterns;
    std::vector<std::string> google_flags;  // --benchmark_..., as they were typed
    std::int64_t seed = 0;
};

/// exportgate-bench of an environment. Errors: as worker_of(), or it is not available there: why,
/// and what helps.
Results<std::filesystem::path> bench_executable(const BenchOptions& options,
                                                const std::string& environment,
                                                const std::vector<matrix::Case>& cases);

/// `plan` for that environment: with its name, the digest of cases and worker, the version.
Result<bench::Plan> for_environment(bench::Plan plan, const std::string& environment,
                                    const std::filesystem::path& executable);

/// Where `bench` leaves the measurements of an environment.
std::filesystem::path bench_file(const project::Project& project, const std::string& environment);

}  // namespace exportgate::cli
