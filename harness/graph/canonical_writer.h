// The canonical text of an evaluated program, and the facts about it that callers ask for.
#pragma once

#include "graph/evaluation.h"
#include "graph/graph.h"

namespace exportgate::graph {

Canonical write_canonical(Program& program, const Evaluation& evaluation,
                          const std::vector<RequestedDim>& requested);

}  // namespace exportgate::graph
