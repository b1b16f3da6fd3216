// Guards that say nothing new of a program: they follow from its shapes and ranges, which are
// compared. So they are no part of an outcome, and are only shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "matrix/cell.h"
#include "record/observation.h"

namespace exportgate::outcome {

/// In words of the case, sorted. nullopt: the guards were not observed, or the program cannot be
/// read.
std::optional<std::vector<std::string>> implied_guards(const record::Observation& observation,
                                                       const matrix::Case& asked,
                                                       const matrix::Cell& cell);

}  // namespace exportgate::outcome
