// Why one cell, or several with the same difference, are not as expected: the lines under a
// paragraph's title.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "verdict/verdict.h"

namespace exportgate::report {

inline constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

/// Above the diff of the decomposed programs.
inline constexpr std::string_view decomposed_heading = "the program after run_decompositions():";

/// Diffs by the two texts: many cells share them.
using DiffCache = std::map<std::pair<std::string, std::string>, std::string>;

/// "exported, all checks pass", or the outcome's headline.
std::string describe(const outcome::Outcome& outcome);

/// "regressed, waived until 2027-03-01: <reason> (<url>)", of a waived cell.
std::string waiver_line(const verdict::Judgement& judgement);

/// Lines without indentation, without control characters, without the cell's name, so that equal
/// explanations mean equal differences. A diff or message beyond `most_lines` is cut, and says so.
std::vector<std::string> explain(const verdict::Judgement& judgement, std::size_t most_lines,
                                 DiffCache& diffs);

}  // namespace exportgate::report
