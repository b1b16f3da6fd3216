#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "document/console.h"
#include "record/check_table.h"
#include "report/matrix_table.h"
#include "report/paint.h"
#include "report/releases_page.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using document::Cell;
using document::columns_of;
using document::Document;
using document::Gap;
using document::Item;
using document::List;
using document::Paragraph;
using document::Style;
using document::Table;

constexpr std::string_view as_above = "\"";

/// "E² [1]"
std::string entry_text(const TableEntry& entry) {
    return symbol(entry) + (entry.note == 0 ? "" : fmt::format(" [{}]", entry.note));
}

/// "2.10.0 – 2.12.1" takes two lines, so that columns stay narrow.
std::array<std::string, 2> heading_lines(const ReleasesTable& table, const TableColumn& column) {
    const std::string text = heading(table, column);
    if (column.first == column.last) return {"", text};
    const std::string& last = table.releases[column.last];
    std::string first = text.substr(0, text.size() - last.size());
    first.erase(first.find_last_not_of(' ') + 1);
    return {std::move(first), last};
}

std::vector<Cell>& add_row(Table& table) {
    return table.rows.emplace_back();
}

/// The table of one case, or of several that have the same, in parts that fit beside each other.
class BlockTables {
  public:
    BlockTables(const ReleasesTable& table, const TableBlock& block, std::size_t width)
        : table_(table), block_(block), width_(width) {
        for (const auto part : block.labels) {
            std::size_t label = block.part_name(part).size();
            for (const auto& row : block.rows) {
                for (const auto& set : row.cells)
                    label = std::max(label, columns_of(join(set.parts[part], ", ")));
            }
            labels_width_ += label + document::column_gap;
        }
        for (const auto& column : block.columns) {
            std::size_t used = 0;
            for (const auto& line : heading_lines(table, column))
                used = std::max(used, columns_of(line));
            for (const auto& row : block.rows)
                used = std::max(used, columns_of(entry_text(row.entries[widths_.size()])));
            widths_.push_back(used + document::column_gap);
        }
    }

    void add_to(Document& document) const {
        const auto per_band = columns_per_band();
        for (std::size_t begin = 0; begin < widths_.size(); begin += per_band) {
            document.emplace_back(band(begin, std::min(begin + per_band, widths_.size())));
            document.emplace_back(Gap{});
        }
    }

  private:
    /// As few bands as there can be, of about the same width.
    std::size_t columns_per_band() const {
        const std::size_t all = widths_.size();
        for (std::size_t bands = 1; bands < all; ++bands) {
            const auto per_band = (all + bands - 1) / bands;
            bool fits = true;
            for (std::size_t begin = 0; begin < all && fits; begin += per_band) {
                fits = width_of(begin, std::min(begin + per_band, all)) <=
                       width_ + document::column_gap;
            }
            if (fits) return per_band;
        }
        return 1;
    }

    std::size_t width_of(std::size_t begin, std::size_t end) const {
        std::size_t used = labels_width_;
        for (std::size_t i = begin; i < end; ++i)
            used += widths_[i];
        return used;
    }

    Table band(std::size_t begin, std::size_t end) const {
        Table made;
        bool has_two_lines = false;
        for (std::size_t i = begin; i < end; ++i)
            has_two_lines = has_two_lines || !heading_lines(table_, block_.columns[i])[0].empty();
        for (std::size_t line = has_two_lines ? 0 : 1; line < 2; ++line) {
            auto& head = add_row(made);
            for (const auto part : block_.labels)
                head.push_back({{{line == 0 ? "" : block_.part_name(part), Style::faint}}});
            for (std::size_t i = begin; i < end; ++i)
                head.push_back({{{heading_lines(table_, block_.columns[i])[line], Style::faint}}});
        }
        for (const auto& row : block_.rows)
            add_rows(row, begin, end, made);
        return made;
    }

    /// One for each set of cells.
    void add_rows(const ReleasesRow& row, std::size_t begin, std::size_t end, Table& made) const {
        for (const auto& set : row.cells) {
            auto& cells = add_row(made);
            for (const auto part : block_.labels)
                cells.push_back({{{join(set.parts[part], ", ")}}});
            for (std::size_t i = begin; i < end; ++i) {
                const TableEntry& entry = row.entries[i];
                const bool is_first = &set == &row.cells.front();
                const bool turns = entry.change != verdict::Verdict::as_expected;
                cells.push_back(
                    {{{is_first ? entry_text(entry) : std::string(as_above),
                       turns ? style_of(entry.change) : style_of_letter(entry.letter)}}});
            }
        }
    }

    const ReleasesTable& table_;
    const TableBlock& block_;
    std::size_t width_;
    std::size_t labels_width_ = 0;
    std::vector<std::size_t> widths_;  // of the columns, with their gap
};

void add_title(const std::vector<const TableBlock*>& alike, std::size_t width, Document& document) {
    std::vector<std::string> names;
    for (const auto* block : alike)
        names.push_back(block->case_name);
    const std::string title = join(names, ", ");
    const auto& every_row = alike.front()->every_row;
    Paragraph lines{{{document::strong(title)}}};
    if (!every_row.empty()) {
        const std::string in_each = "in each row: " + join(every_row, ", ");
        const bool fits = title.size() + 3 + in_each.size() <= width;
        if (!fits) lines.lines.emplace_back();
        lines.lines.back().push_back({fits ? "   " : "  "});
        lines.lines.back().push_back({in_each, Style::faint});
    }
    document.emplace_back(std::move(lines));
}

/// "2.6.0 – 2.9.1: 12 cells, 2.10.0: 8 cells"
std::string where_text(const ReleasesTable& table, const FailingReason& reason) {
    std::vector<std::string> texts;
    for (const auto& where : reason.where)
        texts.push_back(heading(table, where.releases) + ": " + counted(where.count, "cell"));
    return join(texts, "; ");
}

std::vector<Cell> count_cells(std::string_view name, const std::vector<std::size_t>& values) {
    std::vector<Cell> cells{{{{std::string(name)}}}};
    for (const auto value : values)
        cells.push_back({{{std::to_string(value)}}});
    return cells;
}

std::vector<Cell> cells_of(const CheckRow& row) {
    std::vector<Cell> cells{{{{row.name}}}};
    for (std::size_t release = 0; release < row.failing.size(); ++release)
        cells.push_back({{{count_text(row, release)}}});
    return cells;
}

/// How many cells fail each check, where any does, and why. Consumers are there where they take
/// all.
void add_checks_that_fail(const ReleasesTable& table, Document& document) {
    std::vector<CheckRow> rows;
    for (const auto& row : table.checks.rows) {
        if (!row.reasons.empty() || record::is_consumer(row.name)) rows.push_back(row);
    }
    if (rows.empty()) return;
    document.emplace_back(Gap{});
    document.emplace_back(document::line("Cells that fail a check", Style::strong));
    Table counts{{{}}, {count_cells("exported cells", table.checks.exported)}};
    for (const auto& release : table.releases)
        counts.columns.push_back({{{release, Style::faint}}, true});
    for (const auto& row : rows)
        counts.rows.push_back(cells_of(row));
    document.emplace_back(std::move(counts));
    for (const auto& row : rows) {
        if (row.reasons.empty()) continue;
        document.emplace_back(Gap{});
        document.emplace_back(document::line(row.name));
        List reasons;
        reasons.wraps = true;
        for (const auto& reason : row.reasons)
            reasons.items.push_back({{{reason.what + ": " + where_text(table, reason)}}, "  - "});
        document.emplace_back(std::move(reasons));
    }
}

void add_notes(const std::vector<std::string>& notes, Document& document) {
    if (notes.empty()) return;
    document.emplace_back(Gap{});
    List list;
    list.wraps = true;
    for (const auto& note : notes)
        list.items.push_back({{{note}}, fmt::format("[{}] ", list.items.size() + 1)});
    document.emplace_back(std::move(list));
}

void add_programs(const std::vector<ProgramsPart>& programs, Document& document) {
    if (!programs.empty()) document.emplace_back(Gap{});
    for (const auto& part : programs) {
        document.emplace_back(document::line(part.headline));
        List details;
        details.wraps = true;
        for (const auto& detail : part.details)
            details.items.push_back({{{detail}}, "  - "});
        document.emplace_back(std::move(details));
    }
}

}  // namespace

std::string releases_console(const ReleasesTable& table, const ConsoleStyle& style) {
    Document document{document::line(summary(table)), Gap{}};
    for (const auto& alike : blocks_alike(table)) {
        add_title(alike, style.width, document);
        BlockTables(table, *alike.front(), style.width).add_to(document);
    }
    Paragraph letters;
    for (const auto& meaning : legend(table))
        letters.lines.push_back({{meaning, Style::faint}});
    document.emplace_back(std::move(letters));
    add_notes(table.notes, document);
    add_checks_that_fail(table, document);
    add_programs(table.programs, document);
    return document::console(document, {style.colour, style.width, style.cuts});
}

}  // namespace exportgate::report
