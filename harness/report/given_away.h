// Where exported programs go: which consumers (docs/consumers.md) take them, in which releases, and
// what they say of the others.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "document/document.h"
#include "verdict/history.h"

namespace exportgate::report {

/// One consumer in one release that gave at least one program to it.
struct GivenColumn {
    std::string consumer;     // the name of its check: "aoti"
    std::size_t release = 0;  // position

    bool operator==(const GivenColumn&) const = default;
};

enum class Given { not_given, taken, failed, not_available };

struct GivenEntry {
    Given came{};         // of the programs of a row; not_given too where nothing was exported
    std::string reasons;  // "refused at the other pair"; empty where it was taken or not given

    bool operator==(const GivenEntry&) const = default;
};

/// Cells of one case of which every column says the same.
struct GivenRow {
    std::string case_name;
    std::vector<std::string> cells;   // few sets: "plain/strict/*/b3c5", without the case
    std::vector<GivenEntry> entries;  // one per column
};

struct GivenAway {
    std::vector<GivenColumn> columns;  // by consumer, then by release; empty: nothing was given
    std::vector<GivenRow> rows;        // of cells that were given at least once, in matrix order
};

/// As releases_table().
GivenAway given_away(std::span<const matrix::Case> cases, std::span<const matrix::Cell> cells,
                     std::span<const verdict::Release> releases);

/// "taken", "fails", "n/a", "".
std::string_view word_of(Given came);

/// "aoti, torch 2.13.0"
std::string heading(const GivenColumn& column, std::span<const std::string> releases);

/// A section of level 2 with a table and its notes; empty where nothing was given.
document::Document given_away_document(const GivenAway& given,
                                       std::span<const std::string> releases);

}  // namespace exportgate::report
