// Why cells are rejected, or exported and fail checks, in the words of the catalogue.
#pragma once

#include <span>
#include <string>

#include "catalogue/catalogue.h"
#include "report/report.h"

namespace exportgate::report {

/// A cell with what is to be explained of it.
struct Questioned {
    std::string headline;  // "rejected in export: ValueError", "exported, dims and run fail"
    catalogue::Seen seen;
};

/// A block per set of cells that have met the same reasons: the cells and their headline, then each
/// reason with the line by which it was recognised in the first of them, its cause, the releases,
/// the fix and the links; what nothing explains is said to be so. Lines of torch never move the
/// cursor.
std::string why(std::span<const Questioned> cells, const catalogue::Catalogue& catalogue,
                const ConsoleStyle& style);

/// The same for programs: {format: 1, source, cells: [{cell, headline, met: [{id, title, lines,
/// links}], unknown: [line]}]}, with each of `cells`. `source`: where it was seen.
std::string why_json(std::span<const Questioned> cells, const catalogue::Catalogue& catalogue,
                     const std::string& source);

/// The id of what explains best what the cell shows and is not expected to show. Empty where
/// nothing does, or where nothing is new.
std::string new_reason(const verdict::Judgement& judgement, const TorchVersion& torch,
                       const catalogue::Catalogue& catalogue);

}  // namespace exportgate::report
