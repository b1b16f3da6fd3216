// What an environment's exportgate-bench is asked to time: cases at numbers of layers. It is told
// by a file, the plan (harness/worker/bench/PROTOCOL.md).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "bench/name.h"
#include "matrix/case.h"

namespace exportgate::bench {

/// Which numbers of layers of a case: all that it is timed at, or those at which environments are
/// compared.
enum class Layers { timed, gated };

struct PlannedCase {
    matrix::Case declared;
    std::vector<int> layers;  // empty: as it is declared
};

struct Plan {
    std::string environment;
    std::string exportgate;  // version
    std::string digest;      // of the cases and the worker
    std::int64_t seed = 0;
    std::vector<PlannedCase> cases;
    std::vector<std::string> names;  // globs on benchmarks' names, which bring their floor
                                     // along; empty: all of these cases
};

/// The cases that `patterns` name. A pattern is the name of a case, a glob on names of cases, or,
/// with a '/', a glob on names of benchmarks. Without patterns, and for globs on the case's name:
/// those with a [bench] in their case.toml. Environment, version and digest are left empty. Error:
/// a pattern that names no case; no case has a [bench].
Result<Plan> plan(std::span<const matrix::Case> cases, std::span<const std::string> patterns,
                  Layers layers);

std::string to_json(const Plan& plan);

/// From which ratio of times on this benchmark counts as slower, as its case says.
double threshold_of(const matrix::Case& case_, const Name& name);

}  // namespace exportgate::bench
