// One cell from release to release, in words.
#pragma once

#include <string>
#include <vector>

#include "verdict/history.h"

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

/// An entry for each release of `history`, which is that of a cell at `pair` of `declared`. Equal
/// outcomes have equal entries, whatever their `change`; different ones differ in letter or
/// variant.
std::vector<CellEntry> in_words(const std::vector<verdict::CellInRelease>& history,
                                const std::string& pair, const matrix::Case& declared);

/// "E", "E²", "–"
std::string letter_and_variant(char letter, std::size_t variant);

}  // namespace exportgate::report
