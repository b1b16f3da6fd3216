// What cases need of an environment besides torch: distributions, and modules that are worth
// importing once for all cells.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "matrix/case.h"
#include "record/observation.h"

namespace exportgate::run {

/// The modules that all of the cases that run (`case_names`) name: what one of them alone would
/// import must not be there for the others. Sorted.
std::vector<std::string> preloaded(std::span<const matrix::Case> cases,
                                   const std::set<std::string>& case_names);

/// Why no cell of the case can be observed in `environment`, with the command that helps; empty
/// where they can.
std::string what_is_missing(const matrix::Case& case_, const record::Environment& environment);

}  // namespace exportgate::run
