// What was made of the exported program (loaded, decomposed, retraced) against it: what a worker,
// which runs these programs, does not see.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "matrix/case.h"
#include "outcome/outcome.h"
#include "record/observation.h"

namespace exportgate::outcome {

/// Fails the checks that are about them, and says why:
///   save_load           where the loaded program has another structure
///   decompose, retrace  where the dims of its inputs are others: see dims_difference()
///   all three           where its print cannot be read, or is missing though the worker says pass
/// What the worker said of them stays. Returns the canonical text of the decomposed program, "" for
/// none.
std::string check_further_programs(const record::Exported& seen, const graph::Canonical& exported,
                                   const std::vector<graph::RequestedDim>& requested,
                                   const matrix::Case& asked, std::vector<CheckResult>& checks);

}  // namespace exportgate::outcome
