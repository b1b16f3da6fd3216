// The canonical text of an evaluated program, and the facts about it that callers ask for.
#pragma once

#include "graph/evaluation.h"
#include "graph/graph.h"

namespace exportgate::graph {

/// The line at which the text grows beyond `most_bytes`, or its sizes beyond their bounds, where
/// one does.
tl::expected<Canonical, Excess> write_canonical(Program& program, const Evaluation& evaluation,
                                                const std::vector<RequestedDim>& requested,
                                                std::size_t most_bytes);

}  // namespace exportgate::graph
