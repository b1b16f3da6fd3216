// The facts about a program that callers ask for, and the head of the canonical text that says what
// its symbols are.
#pragma once

#include "graph/evaluation.h"
#include "graph/graph.h"

namespace exportgate::graph {

std::vector<Input> inputs_of(Program& program);

/// The symbols that the canonical text uses, in the order of their canonical names.
std::vector<Symbol> symbols_of(Program& program, const Evaluation& evaluation);

/// One line per symbol, with the names of the requested dims that it is and its range; and one per
/// range of an expression that does not follow from these. Empty where there are no symbols.
/// `canonical` has the inputs and the symbols.
std::string symbols_legend(Program& program, const Evaluation& evaluation,
                           const Canonical& canonical, const std::vector<RequestedDim>& requested);

}  // namespace exportgate::graph
