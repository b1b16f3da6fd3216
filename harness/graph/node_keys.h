// An order of nodes that nothing needs: assertions, and what a program computes for nothing.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/dependencies.h"

namespace exportgate::graph {

/// What the canonical text will say of each of the nodes that have no place yet, as a number:
/// operator, operands, what these are made of. Neither torch's names nor the order of the print are
/// in it. `places`: of nodes in the canonical text; none for those that are asked for.
std::vector<std::uint64_t> keys_of(Program& program, const Evaluation& evaluation,
                                   const Graph& graph, std::span<const Node> kept,
                                   std::span<const std::uint32_t> producers,
                                   const SymbolUse& printed, const Dependencies& dependencies,
                                   std::span<const std::uint32_t> places);

}  // namespace exportgate::graph
