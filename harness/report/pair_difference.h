// Cells of two pairs can show the same change in other numbers: "batch is constant 3" at one and
// "batch is constant 4" at the other. Here it is found out whether that is all in which two texts
// differ.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "matrix/case.h"

namespace exportgate::report {

/// True where `text`, said at `pair`, is `other`, said at `other_pair`, except for names of the two
/// pairs and extents of one dim in them: word by word, each differing word is the one's where the
/// other has the other's.
bool differs_in_pair_only(std::string_view text, const matrix::Pair& pair, std::string_view other,
                          const matrix::Pair& other_pair);

/// `text` with one mark for every word that is the name or an extent of any pair of `case_`. Texts
/// that differ_in_pair_only have the same; not the other way round.
std::string without_pairs(std::string_view text, const matrix::Case& case_);

/// Texts that differ_in_pair_only as one that holds for each: "got constant 3 or 4".
std::string said_at_once(std::span<const std::string> texts);

}  // namespace exportgate::report
