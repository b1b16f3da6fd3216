// Cells in several releases, as they were recorded.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "matrix/cell.h"
#include "outcome/outcome.h"

namespace exportgate::report {

/// What one release says about one cell.
struct Seen {
    std::optional<outcome::Outcome> outcome;
    std::string reason;  // why there is no outcome; empty: the cell is not declared for this torch
};

/// One record.
struct Release {
    std::string name;         // the heading: "2.13.0", "2.13.0+cpu" where two builds are compared
    std::vector<Seen> cells;  // in the order of the table's cells
};

/// Neighbouring releases, by their positions.
struct TableColumn {
    std::size_t first = 0;
    std::size_t last = 0;

    bool operator==(const TableColumn&) const = default;
};

}  // namespace exportgate::report
