// Which nodes of one graph have to come before which.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/effects.h"
#include "graph/evaluation.h"
#include "graph/operators.h"
#include "graph/program.h"
#include "graph/symbol_use.h"

namespace exportgate::graph {

struct Dependencies {
    // By the place of a node among those of the graph that are written. Nodes that a node needs
    // have smaller places. `needs`: in an order that does not hang on the print: those that give
    // its operands, in the order of the operands, then effects. `follows`: in no order; they read
    // what it writes.
    std::vector<std::uint32_t> needs;
    std::vector<std::uint32_t> needs_end;
    std::vector<std::uint32_t> follows;
    std::vector<std::uint32_t> follows_end;
    std::vector<std::uint32_t> operands_end;  // in `needs`
    // What has to be there at the end: what is returned, in its order, and the last node of each
    // chain.
    std::vector<std::uint32_t> wanted;
    std::vector<bool> is_assertion;
    Effects all;  // of the whole graph

    std::span<const std::uint32_t> needs_of(std::uint32_t node) const;
    std::span<const std::uint32_t> follows_of(std::uint32_t node) const;
};

/// `kept`: the nodes that are written, in the order of the print. `producers`, by ValueId: the
/// place in `kept` of the node that gives the value; none for inputs. `printed`: the symbols as the
/// print has them.
Dependencies dependencies_of(Program& program, const Evaluation& evaluation, const Graph& graph,
                             std::span<const Node> kept, std::span<const std::uint32_t> producers,
                             const SymbolUse& printed, Operators& operators,
                             const std::vector<Effects>& nested);

}  // namespace exportgate::graph
