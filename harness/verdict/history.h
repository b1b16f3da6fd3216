// One cell from release to release: what came, and what is other than before.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "outcome/grade.h"
#include "verdict/verdict.h"

namespace exportgate::verdict {

/// What one release says about one cell.
struct CellSeen {
    std::optional<outcome::Outcome> outcome;
    std::string reason;  // why there is no outcome; empty: the cell is not declared for this torch
};

/// One record.
struct Release {
    std::string name;             // "2.13.0", "2.13.0+cpu" where two builds are compared
    std::vector<CellSeen> cells;  // in the order of the cells that are looked at
};

/// Against the latest release in which the cell was seen.
struct Since {
    std::size_t release = 0;
    Verdict verdict{};
    std::vector<Reason> reasons;
};

/// What came of the cell in one release. Equal outcomes have one grade and one variant, different
/// ones differ in one of them. Pointers point into the releases.
struct CellInRelease {
    const CellSeen* seen = nullptr;
    // Where there is an outcome:
    outcome::Grade grade{};
    std::size_t variant = 0;  // counts the outcomes of this grade, in the order in which they came
    const outcome::Outcome* first = nullptr;  // that came as this variant
    std::size_t like =
        0;  // the variant with which it was compared when it came; 0: it is the first
    const outcome::Outcome* first_like = nullptr;  // that came as that one
    bool is_case_error = false;
    std::optional<Since> since;  // nullopt: it was not seen before
};

/// One for each of `releases`, of their cell `number`.
std::vector<CellInRelease> history(const matrix::Cell& cell, const matrix::Case& declared,
                                   std::span<const Release> releases, std::size_t number);

}  // namespace exportgate::verdict
