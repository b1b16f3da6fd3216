// The check "dims": is every dim that was asked to be dynamic dynamic in the program, and nothing
// else?
#pragma once

#include <vector>

#include "graph/graph.h"
#include "matrix/cell.h"
#include "outcome/outcome.h"

namespace exportgate::outcome {

/// The dims of the declared inputs that `style` asks to be dynamic, by their place among the user
/// inputs; none for static.
std::vector<graph::RequestedDim> requested_dims(const matrix::Case& asked, matrix::DimsStyle style);

/// named: each asked dim is a symbol of its own with exactly the declared range. It is the same
/// symbol wherever the name stands, and another one for another name. "2*length + 1" is that
/// expression of the symbol of length, and so is a dim that a relation defines ("packed ==
/// 2*length"). What torch's Dim cannot say ("past + new") is the expression or another symbol.
/// spec: the same, but "past + new" is that expression.
/// auto, dynamic: each asked dim is symbolic. static: every dim is the pair's extent.
/// Dims that were not asked for are the declared constants. A number that is asked to be dynamic is
/// symbolic, except for static. Any other leaf that is declared as None, a number or a string is a
/// constant of the program, which the print leaves without a value. A program with another number
/// of user inputs than the case declares fails. `pair` is a pair of `asked`.
CheckResult dims_check(const graph::Canonical& program, const matrix::Case& asked,
                       matrix::DimsStyle style, const matrix::Pair& pair);

}  // namespace exportgate::outcome
