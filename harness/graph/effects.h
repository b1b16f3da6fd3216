// What a node does besides giving a result: what its place among the other nodes hangs on.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/evaluation.h"
#include "graph/operators.h"
#include "graph/program.h"

namespace exportgate::graph {

struct Effects {
    // Nodes of a chain keep their order.
    static constexpr std::uint8_t writes = 1;  // into the memory of a tensor
    static constexpr std::uint8_t draws = 2;   // random numbers
    static constexpr std::uint8_t region = 4;  // nested graphs under another grad mode or autocast
    static constexpr std::uint8_t anything = writes | draws | region;

    std::uint8_t chains = 0;
    bool is_barrier = false;       // nothing is moved across it
    bool is_assertion = false;     // gives nothing that is used
    bool can_alias = false;        // the result can share memory with an operand
    std::vector<ValueId> written;  // whose memory it may write

    bool any() const {
        return chains != 0 || is_barrier;
    }
};

/// What is not known to be harmless is taken to write its operands, to draw random numbers, and to
/// return one of its operands. Operators of torch are as their schemas say, except for those that
/// do not tell the truth. `nested`, by GraphId: what the nodes of nested graphs do, all together.
Effects effects_of(const Program& program, const Evaluation& evaluation, const Node& node,
                   Operator& op, const std::vector<Effects>& nested);

/// Values among the operands, also inside of lists, as what they are defined as.
void collect_values(const Program& program, const Evaluation& evaluation, const Operand& operand,
                    std::vector<ValueId>& values);

}  // namespace exportgate::graph
