// One name for what torch spells in several ways: an operator in the graph, a function of torch or
// of math, a class of sympy.
#pragma once

#include <string_view>

namespace exportgate::graph {

/// "//" for "FloorDiv" (sympy, in annotations), "Max" for "torch.sym_max" (a call in the graph);
/// other names as they are.
std::string_view operator_named(std::string_view name);

/// Functions of Python and torch that take scalars and give one.
bool is_scalar_function(std::string_view name);

/// "+" for "operator.add"; empty for what is no operator as a function.
std::string_view operator_function(std::string_view name);

}  // namespace exportgate::graph
