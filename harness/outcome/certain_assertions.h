// Runtime assertions that cannot fail: torch 2.8 asserts Eq(s50, s54) of sizes that are equal
// anyway, and 2.9 does not.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <string_view>

#include "graph/graph.h"

namespace exportgate::outcome {

struct Interval {
    double lower = -std::numeric_limits<double>::infinity();
    double upper = std::numeric_limits<double>::infinity();
};
using Intervals = std::map<std::string, Interval, std::less<>>;

/// Adds the range of `symbol`, if it has one.
void add_interval(const graph::Symbol& symbol, Intervals& known);

/// Whether a comparison of sums ("2*s0 + 1 <= 9") holds for all values of the symbols in these
/// intervals. False where it does not, or where it cannot be said.
bool always_holds(std::string_view condition, const Intervals& known);

struct WithoutCertain {
    std::string text;       // values and symbols are numbered anew, from 0
    std::size_t count = 0;  // of the assertions that are left out
};

/// `graph` (a canonical graph text, or a text that begins with one) without the assertions that
/// hold for all extents that were declared, and without the symbols that only they mention. An
/// assertion on a symbol that has no declared name holds only if it holds for every number.
WithoutCertain without_certain_assertions(std::string_view graph);

}  // namespace exportgate::outcome
