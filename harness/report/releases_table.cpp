#include "report/releases_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/printable.h"
#include "base/text.h"
#include "report/cell_history.h"
#include "report/matrix_table.h"
#include "report/pair_difference.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

/// One cell in all releases.
using CellLine = std::vector<CellEntry>;

/// Cells that have one row.
struct RowGroup {
    std::vector<std::size_t> cells;
    std::map<std::string, std::size_t> first_of_pair;
};

/// Of the cases of one folder, which have the same pairs.
class TableOfFolder {
  public:
    TableOfFolder(const matrix::Case& declared, std::vector<matrix::Cell> cells,
                  std::vector<CellLine> lines)
        : declared_(declared), cells_(std::move(cells)), lines_(std::move(lines)) {
        for (const auto& pair : declared.pairs)
            pairs_.emplace(pair.name, &pair);
    }

    /// Adds its footnotes to those of the table.
    TableBlock block(std::vector<std::string>& footnotes,
                     std::map<std::string, std::size_t>& numbers) {
        TableBlock block{
            matrix::folder_of(declared_.name), declared_.summary, {}, {}, {}, {}, {}, {}};
        std::vector<std::string> parameters;
        for (const auto& each : declared_.parameters)
            parameters.push_back(each.name);
        block.parameters = join(parameters, " ");
        group();
        for (const auto& group : groups_)
            block.rows.push_back(row(group, footnotes, numbers));
        merge_columns(block);
        choose_labels(block);
        return block;
    }

  private:
    void group() {
        std::map<std::string, std::vector<std::size_t>> candidates;
        for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
            auto& similar = candidates[shape(lines_[cell])];
            const auto fits = std::find_if(similar.begin(), similar.end(), [&](std::size_t at) {
                return belongs(cell, groups_[at]);
            });
            const std::size_t place = fits == similar.end() ? groups_.size() : *fits;
            if (fits == similar.end()) {
                similar.push_back(place);
                groups_.emplace_back();
            }
            groups_[place].cells.push_back(cell);
            groups_[place].first_of_pair.emplace(cells_[cell].pair, cell);
        }
    }

    /// All but the names and numbers of pairs in the notes.
    std::string shape(const CellLine& line) const {
        std::string text;
        for (const auto& entry : line) {
            text += fmt::format("{}{} {}\n{}\n{}\n", entry.letter, entry.variant, entry.like,
                                without_pairs(entry.note, declared_),
                                without_pairs(entry.difference, declared_));
        }
        return text;
    }

    /// Compared with one cell of each pair: where the pair is the same, the words are.
    bool belongs(std::size_t cell, const RowGroup& group) const {
        return std::all_of(group.first_of_pair.begin(), group.first_of_pair.end(),
                           [&](const auto& member) { return same_line(cell, member.second); });
    }

    /// Of cells whose lines have the same shape.
    bool same_line(std::size_t a, std::size_t b) const {
        const auto* pair_of_a = pairs_.at(cells_[a].pair);
        const auto* pair_of_b = pairs_.at(cells_[b].pair);
        const auto same_text = [&](const std::string& mine, const std::string& yours) {
            return pair_of_a == pair_of_b
                       ? mine == yours
                       : differs_in_pair_only(mine, *pair_of_a, yours, *pair_of_b);
        };
        return std::equal(lines_[a].begin(), lines_[a].end(), lines_[b].begin(), lines_[b].end(),
                          [&](const CellEntry& mine, const CellEntry& yours) {
                              return same_text(mine.note, yours.note) &&
                                     same_text(mine.difference, yours.difference);
                          });
    }

    ReleasesRow row(const RowGroup& group, std::vector<std::string>& footnotes,
                    std::map<std::string, std::size_t>& numbers) const {
        std::vector<matrix::Cell> members;
        for (const auto cell : group.cells)
            members.push_back(cells_[cell]);
        ReleasesRow row{cell_sets(members, cells_), members.size(), {}};
        const auto& first = lines_[group.cells.front()];
        for (std::size_t release = 0; release < first.size(); ++release) {
            const auto& entry = first[release];
            const auto text = footnote_text(group, release, row.entries);
            std::size_t number = 0;
            if (!text.empty()) {
                const auto [at, is_new] = numbers.emplace(text, footnotes.size() + 1);
                if (is_new) footnotes.push_back(text);
                number = at->second;
            }
            row.entries.push_back({entry.letter, entry.variant, number, entry.change});
        }
        return row;
    }

    /// `before`: the entries of the releases before.
    std::string footnote_text(const RowGroup& group, std::size_t release,
                              const std::vector<TableEntry>& before) const {
        const auto note = said(group, release, &CellEntry::note);
        const auto difference = said(group, release, &CellEntry::difference);
        if (difference.empty()) return note;
        const auto& line = lines_[group.cells.front()];
        const auto& entry = line[release];
        const auto compared = std::find_if(line.begin(), line.end(), [&](const auto& each) {
            return each.letter == entry.letter && each.variant == entry.like;
        });
        const auto like = letter_and_variant(entry.letter, entry.like);
        if (note.empty()) return "unlike " + like + ": " + difference;
        if (compared->note != entry.note) return note + "; and unlike " + like + ": " + difference;
        const auto& number = before[static_cast<std::size_t>(compared - line.begin())].note;
        return fmt::format("as [{}], but {}", number, difference);
    }

    /// What the cells of the row say of one release, in the order of their pairs.
    std::string said(const RowGroup& group, std::size_t release,
                     std::string CellEntry::*what) const {
        std::vector<std::string> texts;
        for (const auto cell : group.cells) {
            if (group.first_of_pair.at(cells_[cell].pair) == cell)
                texts.push_back(lines_[cell][release].*what);
        }
        return said_at_once(texts);
    }

    static void merge_columns(TableBlock& block) {
        const std::size_t releases = block.rows.empty() ? 0 : block.rows.front().entries.size();
        for (std::size_t release = 0; release < releases; ++release) {
            const bool same =
                release > 0 &&
                std::all_of(block.rows.begin(), block.rows.end(), [&](const auto& row) {
                    return row.entries[release] == row.entries[release - 1];
                });
            if (same) {
                block.columns.back().last = release;
            } else {
                block.columns.push_back({release, release});
            }
        }
        for (auto& row : block.rows) {
            std::vector<TableEntry> kept;
            for (const auto& column : block.columns)
                kept.push_back(row.entries[column.first]);
            row.entries = std::move(kept);
        }
    }

    /// A part of the cells' names that is the same in all rows needs no column.
    void choose_labels(TableBlock& block) const {
        const auto values = values_of_parts();
        const std::size_t first = block.parameters.empty() ? 1 : 0;
        for (std::size_t part = first; part < parts_of_cells; ++part) {
            std::set<std::vector<std::string>> shown;
            for (const auto& row : block.rows) {
                for (const auto& set : row.cells)
                    shown.insert(set.parts[part]);
            }
            const auto every =
                fmt::format("every {} ({})", block.part_name(part), fmt::join(values[part], ", "));
            const bool has_star = shown.contains({"*"});
            // A table of one row would have no label at all.
            if (shown.size() > 1 || (part == first && block.rows.size() == 1)) {
                block.labels.push_back(part);
                if (has_star) block.stars.push_back(every);
            } else {
                block.every_row.push_back(has_star ? every
                                                   : fmt::format("{} {}", block.part_name(part),
                                                                 fmt::join(*shown.begin(), ", ")));
            }
        }
    }

    std::array<std::vector<std::string>, parts_of_cells> values_of_parts() const {
        std::array<std::vector<std::string>, parts_of_cells> values;
        for (const auto& cell : cells_) {
            const std::array<std::string, parts_of_cells> words{
                values_alone(cell.case_name), matrix::to_string(cell.kind),
                matrix::to_string(cell.mode), matrix::to_string(cell.dims), cell.pair};
            for (std::size_t part = 0; part < words.size(); ++part) {
                auto& of_part = values[part];
                if (std::find(of_part.begin(), of_part.end(), words[part]) == of_part.end())
                    of_part.push_back(words[part]);
            }
        }
        return values;
    }

    const matrix::Case& declared_;
    std::vector<matrix::Cell> cells_;
    std::vector<CellLine> lines_;
    std::map<std::string, const matrix::Pair*> pairs_;
    std::vector<RowGroup> groups_;
};

bool same_entries(const ReleasesRow& one, const ReleasesRow& other) {
    return std::equal(one.entries.begin(), one.entries.end(), other.entries.begin(),
                      other.entries.end(),
                      [](const auto& a, const auto& b) { return a == b && a.change == b.change; });
}

bool same_row(const ReleasesRow& one, const ReleasesRow& other) {
    return one.count == other.count && same_entries(one, other) &&
           std::equal(one.cells.begin(), one.cells.end(), other.cells.begin(), other.cells.end(),
                      [](const auto& a, const auto& b) { return a.parts == b.parts; });
}

/// But for the case's name and summary.
bool same_table(const TableBlock& one, const TableBlock& other) {
    return one.parameters == other.parameters && one.columns == other.columns &&
           one.labels == other.labels && one.every_row == other.every_row &&
           one.stars == other.stars &&
           std::equal(one.rows.begin(), one.rows.end(), other.rows.begin(), other.rows.end(),
                      same_row);
}

}  // namespace

std::string TableBlock::part_name(std::size_t part) const {
    constexpr std::array<std::string_view, parts_of_cells> names{"", "kind", "mode", "dims",
                                                                 "pair"};
    return part == 0 ? parameters : std::string(names[part]);
}

std::vector<std::vector<const TableBlock*>> blocks_alike(const ReleasesTable& table) {
    std::vector<std::vector<const TableBlock*>> alike;
    for (const auto& block : table.blocks) {
        const auto found = std::find_if(alike.begin(), alike.end(), [&](const auto& group) {
            return same_table(*group.front(), block);
        });
        if (found == alike.end()) {
            alike.push_back({&block});
        } else {
            found->push_back(&block);
        }
    }
    return alike;
}

ReleasesTable releases_table(std::span<const matrix::Case> cases,
                             std::span<const matrix::Cell> cells,
                             std::span<const verdict::Release> releases) {
    ReleasesTable table;
    table.cells = cells.size();
    for (const auto& release : releases)
        table.releases.push_back(printable(release.name));
    std::map<std::string, std::size_t> numbers;
    for (auto first = cases.begin(); first != cases.end();) {
        const std::string folder = matrix::folder_of(first->name);
        std::vector<matrix::Cell> of_folder;
        std::vector<CellLine> lines;
        auto declared = first;
        for (; declared != cases.end() && matrix::folder_of(declared->name) == folder; ++declared) {
            for (std::size_t cell = 0; cell < cells.size(); ++cell) {
                if (cells[cell].case_name != declared->name) continue;
                of_folder.push_back(cells[cell]);
                lines.push_back(in_words(verdict::history(cells[cell], *declared, releases, cell),
                                         cells[cell].pair, *declared));
            }
        }
        if (!of_folder.empty()) {
            TableOfFolder of(*first, std::move(of_folder), std::move(lines));
            table.blocks.push_back(of.block(table.notes, numbers));
        }
        first = declared;
    }
    table.checks = releases_checks(cases, cells, releases);
    table.given_away = given_away(cases, cells, releases);
    return table;
}

std::string heading(const ReleasesTable& table, const TableColumn& column) {
    const std::string& first = table.releases[column.first];
    const std::string& last = table.releases[column.last];
    if (column.first == column.last) return first;
    return first + (column.first + 1 == column.last ? ", " : " – ") + last;
}

std::string summary(const ReleasesTable& table) {
    std::size_t rows = 0;
    std::size_t missing = 0;
    for (const auto& alike : blocks_alike(table))
        rows += alike.front()->rows.size();
    for (const auto& block : table.blocks) {
        for (const auto& row : block.rows) {
            for (std::size_t i = 0; i < row.entries.size(); ++i) {
                const auto& column = block.columns[i];
                if (row.entries[i].letter == not_observed)
                    missing += row.count * (column.last - column.first + 1);
            }
        }
    }
    std::string releases = counted(table.releases.size(), "release");
    if (!table.releases.empty()) {
        releases += " (" + table.releases.front() +
                    (table.releases.size() > 1 ? " to " + table.releases.back() : "") + ")";
    }
    std::string text =
        fmt::format("{}, {}: {} apart", counted(table.cells, "cell"), releases,
                    rows == 1 ? "1 row tells them" : counted(rows, "row") + " tell them");
    if (missing > 0) {
        text += fmt::format("; {} of {} outcomes {} not observed", missing,
                            table.cells * table.releases.size(), missing == 1 ? "was" : "were");
    }
    return text;
}

std::string symbol(const TableEntry& entry) {
    return letter_and_variant(entry.letter, entry.variant);
}

std::vector<std::string> legend(const ReleasesTable& table) {
    std::vector<std::pair<char, std::string_view>> letters(letter_meanings.begin(),
                                                           letter_meanings.end());
    letters.emplace_back(not_declared, "not declared for that torch");
    std::map<char, std::size_t> used;  // the highest variant of each letter
    for (const auto& block : table.blocks) {
        for (const auto& row : block.rows) {
            for (const auto& entry : row.entries)
                used[entry.letter] = std::max(used[entry.letter], entry.variant);
        }
    }
    std::vector<std::string> lines;
    std::vector<std::string> plain;
    std::vector<std::string> raised;
    for (const auto& [letter, meaning] : letters) {
        if (!used.contains(letter)) continue;
        lines.push_back(letter_and_variant(letter, 1) + " " + std::string(meaning));
        if (used[letter] == 1) continue;
        plain.push_back(letter_and_variant(letter, 1));
        raised.push_back(letter_and_variant(letter, 2));
    }
    if (!raised.empty()) {
        lines.push_back(join(raised, ", ") + " another program or message than " +
                        join(plain, ", ") + " of the same row");
    }
    return lines;
}

}  // namespace exportgate::report
