// Numbers and names of the canonical text, once the nodes are in its order.
#pragma once

#include "graph/evaluation.h"
#include "graph/program.h"

namespace exportgate::graph {

/// Numbers values and nested graphs, and names the symbols inside `program.expressions`, each in
/// the order of the canonical text.
void number_values(Program& program, Evaluation& evaluation);

}  // namespace exportgate::graph
