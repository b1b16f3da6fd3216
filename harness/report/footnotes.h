// What a letter does not say of an outcome, one line each, in the words of torch: the footnotes of
// the page of releases.
#pragma once

#include <span>
#include <string>

#include "matrix/case.h"
#include "outcome/outcome.h"

namespace exportgate::report {

/// Which checks of the program fail and why (not those of the class and its registration, which
/// fail for a case as a whole and are said of the releases at once), what is baked into the
/// program, what the message of a rejection says first, how it crashed. Empty where an exported
/// program has nothing against it. Names of pairs become "at every pair", "at the other pair", so
/// that cells that differ in their pair have equal notes up to the numbers. `pair` is the cell's
/// own, `pairs` are all of its case.
std::string note(const outcome::Outcome& outcome, const std::string& pair,
                 std::span<const matrix::Pair> pairs);

/// What `after` has other than `before`, of the same letter, the weightiest first: "2 calls added:
/// aten._assert_scalar.default". Never empty for outcomes that differ.
std::string difference(const outcome::Outcome& before, const outcome::Outcome& after);

}  // namespace exportgate::report
