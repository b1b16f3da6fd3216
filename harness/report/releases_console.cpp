#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "report/paint.h"
#include "report/releases_page.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using TextLines = std::vector<std::string>;

constexpr std::size_t column_gap = 2;

/// Characters, not bytes.
std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::string filled(const std::string& text, std::size_t width) {
    const auto used = columns_of(text);
    return text + std::string(width > used ? width - used : 0, ' ');
}

std::string trimmed_right(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

/// "E² [1]"
std::string entry_text(const TableEntry& entry) {
    return symbol(entry) + (entry.note == 0 ? "" : fmt::format(" [{}]", entry.note));
}

/// "2.10.0 – 2.12.1" takes two lines, so that columns stay narrow.
TextLines heading_lines(const ReleasesTable& table, const TableColumn& column) {
    const std::string text = heading(table, column);
    if (column.first == column.last) return {"", text};
    const std::string& last = table.releases[column.last];
    return {trimmed_right(text.substr(0, text.size() - last.size())), last};
}

class BlockText {
  public:
    /// `names`: of all cases that have this table.
    BlockText(const ReleasesTable& table, const TableBlock& block, std::string names,
              const ConsoleStyle& style)
        : table_(table),
          block_(block),
          names_(std::move(names)),
          width_(style.width),
          paint_(style.colour) {
        for (const auto part : block.labels) {
            label_widths_[part] = part_names[part].size();
            for (const auto& row : block.rows) {
                for (const auto& set : row.cells)
                    label_widths_[part] =
                        std::max(label_widths_[part], columns_of(join(set.parts[part], ", ")));
            }
        }
        for (std::size_t i = 0; i < block.columns.size(); ++i) {
            std::size_t width = 0;
            for (const auto& line : heading_lines(table, block.columns[i]))
                width = std::max(width, columns_of(line));
            for (const auto& row : block.rows)
                width = std::max(width, columns_of(entry_text(row.entries[i])));
            widths_.push_back(width + column_gap);
        }
    }

    std::string text() const {
        std::string text = paint_.bold(names_);
        if (!block_.every_row.empty()) {
            const std::string in_each = "in each row: " + join(block_.every_row, ", ");
            const bool fits = names_.size() + 3 + in_each.size() <= width_;
            text += (fits ? "   " : "\n  ") + paint_.faint(in_each);
        }
        text += "\n";
        const auto per_band = columns_per_band();
        for (std::size_t begin = 0; begin < block_.columns.size(); begin += per_band)
            text += band(begin, std::min(begin + per_band, block_.columns.size()));
        return text;
    }

  private:
    std::size_t labels_width() const {
        std::size_t width = 0;
        for (const auto part : block_.labels)
            width += label_widths_[part] + column_gap;
        return width;
    }

    /// As few bands as there can be, of about the same width.
    std::size_t columns_per_band() const {
        const std::size_t all = widths_.size();
        for (std::size_t bands = 1; bands < all; ++bands) {
            const auto per_band = (all + bands - 1) / bands;
            bool fits = true;
            for (std::size_t begin = 0; begin < all && fits; begin += per_band)
                fits = width_of(begin, std::min(begin + per_band, all)) <= width_ + column_gap;
            if (fits) return per_band;
        }
        return 1;
    }

    std::size_t width_of(std::size_t begin, std::size_t end) const {
        std::size_t used = labels_width();
        for (std::size_t i = begin; i < end; ++i)
            used += widths_[i];
        return used;
    }

    template <class Words>
    std::string labels(const Words& words) const {
        std::string text;
        for (const auto part : block_.labels)
            text += filled(std::string(words[part]), label_widths_[part] + column_gap);
        return text;
    }

    std::string band(std::size_t begin, std::size_t end) const {
        std::array<std::string, 2> lines{std::string(labels_width(), ' '), labels(part_names)};
        for (std::size_t i = begin; i < end; ++i) {
            const auto words = heading_lines(table_, block_.columns[i]);
            for (std::size_t line = 0; line < lines.size(); ++line)
                lines[line] += filled(words[line], widths_[i]);
        }
        std::string text;
        for (const auto& line : lines) {
            if (const auto shown = trimmed_right(line); !shown.empty())
                text += paint_.faint(shown) + "\n";
        }
        for (const auto& row : block_.rows)
            text += row_text(row, begin, end);
        return text + "\n";
    }

    std::string row_text(const TableRow& row, std::size_t begin, std::size_t end) const {
        std::string text;
        for (std::size_t set = 0; set < row.cells.size(); ++set) {
            std::array<std::string, part_names.size()> words;
            for (std::size_t part = 0; part < words.size(); ++part)
                words[part] = join(row.cells[set].parts[part], ", ");
            std::string line = labels(words);
            for (std::size_t i = begin; i < end; ++i) {
                const std::string entry = set == 0 ? entry_text(row.entries[i]) : "\"";
                line += paint_.of(row.entries[i].change, entry) +
                        std::string(widths_[i] - columns_of(entry), ' ');
            }
            text += trimmed_right(line) + "\n";
        }
        return text;
    }

    const ReleasesTable& table_;
    const TableBlock& block_;
    std::string names_;
    std::size_t width_;
    Paint paint_;
    std::array<std::size_t, part_names.size()> label_widths_{};
    std::vector<std::size_t> widths_;
};

/// Broken between words, its further lines below the end of `mark`.
std::string hanging(const std::string& mark, const std::string& words, std::size_t width) {
    std::string text;
    std::string line = mark;
    for (const auto word : split(words, ' ')) {
        if (columns_of(line) > mark.size() && columns_of(line) + columns_of(word) + 1 > width) {
            text += line + "\n";
            line = std::string(mark.size(), ' ');
        }
        if (columns_of(line) > mark.size()) line += ' ';
        line += word;
    }
    return text + line + "\n";
}

/// "2.6.0 – 2.9.1: 12 cells, 2.10.0: 8 cells"
std::string where_text(const ReleasesTable& table, const FailingReason& reason) {
    std::vector<std::string> texts;
    for (const auto& where : reason.where)
        texts.push_back(heading(table, where.releases) + ": " + counted(where.count, "cell"));
    return join(texts, "; ");
}

/// How many cells fail each check, where any does, and why.
std::string checks_text(const ReleasesTable& table, const ConsoleStyle& style) {
    const Paint paint(style.colour);
    std::vector<CheckRow> rows;
    for (const auto& row : table.checks.rows) {
        if (!row.reasons.empty()) rows.push_back(row);
    }
    if (rows.empty()) return "";
    constexpr std::string_view exported = "exported cells";
    std::vector<std::string> lines{std::string(exported.size(), ' '), std::string(exported)};
    for (const auto& row : rows)
        lines.push_back(filled(row.name, exported.size()));
    for (std::size_t release = 0; release < table.releases.size(); ++release) {
        const auto& name = table.releases[release];
        const auto width = std::max<std::size_t>(columns_of(name), 4);
        lines[0] += std::string(column_gap, ' ') + filled(name, width);
        lines[1] += fmt::format("{:>{}}", table.checks.exported[release], width + column_gap);
        for (std::size_t row = 0; row < rows.size(); ++row)
            lines[row + 2] += fmt::format("{:>{}}", rows[row].failing[release], width + column_gap);
    }
    std::string text = "\n" + paint.bold("Cells that fail a check") + "\n" +
                       paint.faint(trimmed_right(lines[0])) + "\n";
    for (std::size_t line = 1; line < lines.size(); ++line)
        text += lines[line] + "\n";
    for (const auto& row : rows) {
        text += "\n" + row.name + "\n";
        for (const auto& reason : row.reasons)
            text += hanging("  - ", reason.what + ": " + where_text(table, reason), style.width);
    }
    return text;
}

}  // namespace

std::string releases_console(const ReleasesTable& table, const ConsoleStyle& style) {
    const Paint paint(style.colour);
    std::string text = summary(table) + "\n\n";
    for (const auto& alike : blocks_alike(table)) {
        std::vector<std::string> names;
        for (const auto* block : alike)
            names.push_back(block->case_name);
        text += BlockText(table, *alike.front(), join(names, ", "), style).text();
    }
    text += paint.faint(join(legend(table), "\n")) + "\n";
    if (!table.notes.empty()) text += "\n";
    for (std::size_t note = 0; note < table.notes.size(); ++note)
        text += hanging(fmt::format("[{}] ", note + 1), table.notes[note], style.width);
    text += checks_text(table, style);
    if (!table.programs.empty()) text += "\n";
    for (const auto& part : table.programs) {
        text += part.headline + "\n";
        for (const auto& detail : part.details)
            text += hanging("  - ", detail, style.width);
    }
    return text;
}

}  // namespace exportgate::report
