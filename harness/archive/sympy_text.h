// Sizes in a saved program are constructor calls of sympy, as its srepr() writes them:
// "Add(Symbol('s5', positive=True, integer=True), Integer(1))". Prints have "s5 + 1".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace exportgate::archive {

/// Other names of symbols.
using SymbolNames = std::map<std::string, std::string, std::less<>>;

/// "(s5 + 1)" of that; a text that is no call comes back as it is. Nothing: it is not understood.
/// With `names`, symbols get these names, and operands of sums and products are sorted, so that
/// equal sizes of two programs have one text.
std::optional<std::string> size_text(std::string_view srepr, const SymbolNames* names = nullptr);

}  // namespace exportgate::archive
