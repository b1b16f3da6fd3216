// What follows the graph: "Graph signature: ..." in both of torch's spellings, and "Range
// constraints: {...}".
#pragma once

#include "graph/operand_parser.h"

namespace exportgate::graph {

/// Reads up to the end of the text, and checks that inputs and outputs are those of the graph.
/// `scope`: the values of the program's own graph.
bool parse_signature(TokenReader& reader, OperandParser& operands, Program& program,
                     const NameTable& scope);

}  // namespace exportgate::graph
