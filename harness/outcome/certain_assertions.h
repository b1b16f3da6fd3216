// Runtime assertions that cannot fail: torch 2.8 asserts Eq(s50, s54) of sizes that are equal
// anyway, and 2.9 does not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace exportgate::outcome {

struct WithoutCertain {
    std::string text;       // values and symbols are numbered anew, from 0
    std::size_t count = 0;  // of the assertions that are left out
};

/// `graph` (a canonical graph text, or a text that begins with one) without the assertions that
/// hold for all extents that were declared, and without the symbols that only they mention. An
/// assertion on a symbol that has no declared name holds only if it holds for every number.
WithoutCertain without_certain_assertions(std::string_view graph);

}  // namespace exportgate::outcome
