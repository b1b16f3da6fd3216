// Checks x releases: how many cells fail each check in each release, and for what reasons.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "verdict/history.h"

namespace exportgate::report {

/// Neighbouring releases, by their positions.
struct TableColumn {
    std::size_t first = 0;
    std::size_t last = 0;

    bool operator==(const TableColumn&) const = default;
};

/// Neighbouring releases in which the same cells fail for the same reason.
struct FailingCells {
    TableColumn releases;
    std::size_t count = 0;
    std::vector<std::string> cells;  // few sets, as describe_across_cases() makes them
};

struct FailingReason {
    std::string what;   // "refused at the other pair"; without places, which are cells' own
    std::string place;  // one of the places, where there are any: "dc.key_cache[0] dim 0"
    std::vector<FailingCells> where;  // oldest first
};

struct CheckRow {
    std::string name;
    std::vector<std::size_t> failing;      // number of cells, one per release
    std::vector<std::size_t> decided;      // the same, of those that pass or fail
    std::vector<std::size_t> carried_out;  // the same, also of those it does not apply to
    std::vector<FailingReason> reasons;    // those in most outcomes first
};

struct ReleasesChecks {
    std::vector<std::size_t> exported;  // number of cells, one per release
    std::vector<CheckRow> rows;         // in the order of the checks; also those that never fail
};

/// How many fail in a release; "" where nothing carried the check out. Of consumers, which are
/// given some programs only: "2 of 13", "n/a" where they took none.
std::string count_text(const CheckRow& row, std::size_t release);

/// As releases_table(). Reasons that differ in the numbers of their pair only are one.
ReleasesChecks releases_checks(std::span<const matrix::Case> cases,
                               std::span<const matrix::Cell> cells,
                               std::span<const verdict::Release> releases);

}  // namespace exportgate::report
