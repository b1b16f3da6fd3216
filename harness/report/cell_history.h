// One cell from release to release: what came, and what of it is other than before.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "matrix/cell.h"
#include "report/releases.h"
#include "verdict/verdict.h"

namespace exportgate::report {

inline constexpr char not_observed = '/';
inline constexpr char not_declared = '-';

/// What came of the cell in one release, in the words of the cell.
struct CellEntry {
    char letter{};
    std::size_t variant = 1;  // counts the outcomes of this letter, in the order in which they came
    std::string note;
    std::size_t like = 0;       // the variant with which it is compared; 0: it is the first
    std::string difference;     // from that one, where the notes do not say all of it
    verdict::Verdict change{};  // from the release before
};

/// An entry for each of `releases`, of what they say about their cell `number`. Equal outcomes
/// have equal entries but for `change`, different ones differ in letter or variant.
std::vector<CellEntry> history(const matrix::Cell& cell, const matrix::Case& declared,
                               std::span<const Release> releases, std::size_t number);

/// "E", "E²", "–"
std::string letter_and_variant(char letter, std::size_t variant);

}  // namespace exportgate::report
