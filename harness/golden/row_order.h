// The order of the rows of a golden: cell in matrix order, then since, then the unconditional row
// before those with a `when`.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "golden/golden.h"

namespace exportgate::golden {

/// "kind/mode/dims/pair" by kind, mode and dims style as the harness lists them; pairs by name,
/// since a golden does not know the order in which its case declares them. "[arch=llama]" before it
/// comes first, as text.
std::strong_ordering compare_cells(std::string_view a, std::string_view b);

bool comes_before(const Row& a, const Row& b);

/// The rows of `cell`: contiguous, since rows are sorted.
std::span<const Row> rows_of(const Golden& golden, std::string_view cell);

}  // namespace exportgate::golden
