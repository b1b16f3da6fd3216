// Why one cell, or several with the same difference, are not as expected: what stands under the
// title.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/document.h"
#include "verdict/verdict.h"

namespace exportgate::report {

/// Above the diff of the decomposed programs.
inline constexpr std::string_view decomposed_heading = "the program after run_decompositions():";

/// Diffs by the two texts: many cells share them.
using DiffCache = std::map<std::pair<std::string, std::string>, std::string>;

/// "exported, all checks pass", or the outcome's headline. Where the program was not run:
/// "exported, check dims passes".
std::string describe(const outcome::Outcome& outcome);

/// "regressed, waived until 2027-03-01: <reason> (<url>)", of a waived cell.
std::string waiver_line(const verdict::Judgement& judgement);

/// Without the cell's name, so that equal explanations mean equal differences.
struct Mismatch {
    std::string waiver;    // a line each; empty where there is nothing to say
    std::string expected;  // "expected: exported, all checks pass (since 2.13.0: ...)"
    std::string observed;
    std::vector<std::string> reasons;
    document::Document details;  // diffs, or the message
};

/// A diff or message beyond `most_lines` is cut, and says so.
Mismatch mismatch_of(const verdict::Judgement& judgement, std::size_t most_lines, DiffCache& diffs);

/// All of it.
document::Document blocks_of(const Mismatch& explanation);

}  // namespace exportgate::report
