// Texts of cells that differ in their pair only: "got constant 3" at one pair is "got constant 4"
// at another.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "matrix/case.h"

namespace exportgate::report {

/// True where the texts are the same word for word, but for numbers that are the extent of one and
/// the same dim, each at its own pair.
bool equal_up_to_pairs(std::string_view a, const matrix::Pair& pair_of_a, std::string_view b,
                       const matrix::Pair& pair_of_b);

/// `text` with every number replaced by one and the same word: texts that are equal up to pairs
/// have equal shapes.
std::string without_numbers(std::string_view text);

/// Texts that are equal up to pairs as one, which holds for each: "got constant 3 or 4".
std::string said_at_once(std::span<const std::string> texts);

}  // namespace exportgate::report
