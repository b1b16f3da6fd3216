// Cells x releases, as a table that a person can read: rows that say the same in every release are
// one row, neighbouring releases in which no outcome differs are one column.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/cell_sets.h"
#include "report/given_away.h"
#include "report/releases_checks.h"
#include "report/saved_programs.h"
#include "verdict/verdict.h"

namespace exportgate::report {

/// The parts of a cell's name: the values of its parameters, and what follows the case.
inline constexpr std::size_t parts_of_cells = 5;

/// What came of some cells in some releases.
struct TableEntry {
    char letter{};              // as in the matrix at a glance; '-': not declared
    std::size_t variant = 1;    // the n-th outcome with this letter in its row
    std::size_t note = 0;       // number of its footnote, from 1; 0: none
    verdict::Verdict change{};  // from the release before; as_expected where nothing differs

    bool operator==(const TableEntry& other) const {
        return letter == other.letter && variant == other.variant && note == other.note;
    }
};

struct ReleasesRow {
    std::vector<CellSet> cells;
    std::size_t count = 0;            // of cells
    std::vector<TableEntry> entries;  // one per column
};

struct TableBlock {
    std::string case_name;  // of the folder
    std::string summary;
    std::string parameters;  // their names: "arch layers"; empty where there are none
    std::vector<TableColumn> columns;
    std::vector<ReleasesRow> rows;
    std::vector<std::size_t> labels;     // the parts of the cells in which rows differ: 1 is kind
    std::vector<std::string> every_row;  // the others: "mode strict", "every pair (b3c5, b4c11)"
    std::vector<std::string> stars;      // what "*" stands for: "every kind (plain, module)"

    /// "arch", "kind", "mode", "dims", "pair".
    std::string part_name(std::size_t part) const;
};

struct ReleasesTable {
    std::size_t cells = 0;
    std::vector<std::string> releases;
    std::vector<TableBlock> blocks;  // one per folder of cases
    std::vector<std::string> notes;  // the footnotes, one line each
    ReleasesChecks checks;
    GivenAway given_away;
    std::vector<ProgramsPart> programs;  // of each release that was given programs of the one
                                         // before; not from releases_table()
};

/// `cells` belong to `cases`; each of `releases` has an entry for each of `cells`, oldest first.
///
/// Cells share a row where in each release the letter, the note (up to the numbers of their pairs)
/// and the variant are equal. Variants count the different outcomes that have the same letter, cell
/// by cell, in the order in which they came: E, then E2 where another program came, then E again
/// where the first came back. The note of each but the first says what differs. So equal entries
/// side by side are equal outcomes, and columns are merged where all are.
ReleasesTable releases_table(std::span<const matrix::Case> cases,
                             std::span<const matrix::Cell> cells,
                             std::span<const verdict::Release> releases);

/// The blocks, those together whose cases have the same table, in the order of the first.
std::vector<std::vector<const TableBlock*>> blocks_alike(const ReleasesTable& table);

/// "2.9.1", "2.9.1, 2.10.0", "2.9.1 - 2.12.1": of the releases of a column.
std::string heading(const ReleasesTable& table, const TableColumn& column);

/// "64 cells, 10 releases (2.6.0 to 2.15.0): 20 rows tell them apart", and how many outcomes are
/// missing.
std::string summary(const ReleasesTable& table);

/// The letter and its variant: "E", "E²", "–".
std::string symbol(const TableEntry& entry);

/// What each letter stands for, of those that occur, and what a variant is, where one occurs.
std::vector<std::string> legend(const ReleasesTable& table);

}  // namespace exportgate::report
