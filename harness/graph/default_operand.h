// Whether an operand of a print is what a schema has as a default.
#pragma once

#include <string>

#include "graph/program.h"
#include "graph/schema.h"

namespace exportgate::graph {

/// False also where that cannot be told from the two texts.
bool is_default(const Program& program, const Operand& operand, const Schema::Argument& argument);

/// Whether two releases have the same default, however they spell it: "[1, 1]" and "1" of an
/// "int[2]".
bool same_default(const Schema::Argument& a, const Schema::Argument& b);

/// As a print would spell it: "1.0" for "1.", 'mean' for "mean".
std::string printed_default(const Schema::Argument& argument);

}  // namespace exportgate::graph
