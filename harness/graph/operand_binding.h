// Operands of a call, bound to the arguments of the operator's schema: position or keyword, given
// or left out, is the same.
#pragma once

#include "graph/operators.h"
#include "graph/program.h"

namespace exportgate::graph {

/// Puts the operands of `node` into their canonical form: what is the default of the reference is
/// left out, what is not is there, also where this torch has another default than the reference. So
/// the text means the same whichever release printed it. Operands that do not fit the schema stay
/// as they are, in the order of their keywords.
void bind_operands(Program& program, Node& node, Operator& op);

/// The argument of `schema` that operand `index` of a bound node is; the number of arguments where
/// it is none.
std::size_t argument_of(const Schema& schema, const Operand& operand, std::uint32_t index);

}  // namespace exportgate::graph
