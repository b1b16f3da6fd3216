// The order of the nodes in the canonical text. It follows the data: nodes come in the order in
// which outputs and effects need them, whatever order torch printed them in.
#pragma once

#include "graph/evaluation.h"
#include "graph/operators.h"
#include "graph/program.h"
#include "graph/symbol_use.h"

namespace exportgate::graph {

/// Leaves in each graph the nodes that are written, in their canonical order. The order keeps what
/// the program computes: a read stays on its side of a write, and nodes of a chain of effects
/// (writes, random numbers, regions) stay in order. Assertions come last, then what nothing needs.
/// Where two nodes cannot be told apart, the print decides. In time linear in the nodes, except for
/// sorting.
void order_nodes(Program& program, const Evaluation& evaluation, const SymbolUse& printed,
                 Operators& operators);

}  // namespace exportgate::graph
