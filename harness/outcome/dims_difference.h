// The dims of a program that was made of the exported one (decomposed, retraced), against its dims.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "matrix/case.h"

namespace exportgate::outcome {

/// A reason for every dim of a user input that is symbolic in one program and constant in the
/// other, has another range, or shares its symbol with other dims than in the exported one; sorted.
/// `word` says what was made: "decomposed". Names of symbols differ between releases and are not
/// said: a dim is called as the case calls it.
std::vector<std::string> dims_difference(const graph::Canonical& exported,
                                         const graph::Canonical& made, std::string_view word,
                                         const matrix::Case& asked);

}  // namespace exportgate::outcome
