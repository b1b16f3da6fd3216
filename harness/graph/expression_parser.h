// Reads the expressions that torch prints inside annotations, range constraints and messages:
// "s27", "2*s6 + 1", "Max(4, s6)", "u0 >= 2".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "graph/expression.h"

namespace exportgate::graph {

struct ExpressionError {
    std::string found;
    std::string expected;
};

/// What messages expect where Expressions::excess() says something.
inline constexpr const char* written_out = "sizes that can be written out";

/// Reads the expression at the start of `text` and moves `text` behind it. Nothing: it is none, and
/// `error` says why. `text` must outlive `expressions`.
std::optional<ExpressionId> parse_expression(std::string_view& text, Expressions& expressions,
                                             ExpressionError& error);

/// The same, for a text that is one expression from its start to its end.
std::optional<ExpressionId> parse_whole_expression(std::string_view text, Expressions& expressions,
                                                   ExpressionError& error);

}  // namespace exportgate::graph
