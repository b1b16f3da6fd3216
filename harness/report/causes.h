// Why cells are rejected, or exported and fail checks, in the words of the catalogue.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalogue/catalogue.h"
#include "outcome/draft.h"
#include "report/report.h"

namespace exportgate::report {

/// A cell with what is to be explained of it.
struct Questioned {
    std::string headline;  // "rejected in export: ValueError", "exported, dims and run fail"
    catalogue::Seen seen;
    std::optional<outcome::Draft> draft = std::nullopt;  // where it was asked for
};

/// Indices of the cells that `why` speaks about in full, one of each set of cells that have met the
/// same reasons.
std::vector<std::size_t> first_of_each_set(std::span<const Questioned> cells,
                                           const catalogue::Catalogue& catalogue);

/// A block per set of cells that have met the same reasons: the cells and their headline, then each
/// reason with the line by which it was recognised in the first of them, its cause, the releases,
/// the fix and the links; what nothing explains is said to be so. Where the first of them has a
/// draft, it is shown, otherwise the command that asks for one. Lines of torch never move the
/// cursor.
std::string why(std::span<const Questioned> cells, const catalogue::Catalogue& catalogue,
                const ConsoleStyle& style);

/// The same for programs: {format: 1, source, cells: [{cell, headline, met: [{id, title, lines,
/// links}], unknown: [line], draft: {torch, issues: [{kind, what, where, code}], dynamic_shapes,
/// edited, obstacle, remedy}}]}, with each of `cells`; draft only where it was asked for. `source`:
/// where it was seen.
std::string why_json(std::span<const Questioned> cells, const catalogue::Catalogue& catalogue,
                     const std::string& source);

/// The id of what explains best what the cell shows and is not expected to show. Empty where
/// nothing does, or where nothing is new.
std::string new_reason(const verdict::Judgement& judgement, const TorchVersion& torch,
                       const catalogue::Catalogue& catalogue);

}  // namespace exportgate::report
