#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "report/releases_page.h"

namespace exportgate::report {
namespace {

constexpr std::string_view no_break_space = "\u00a0";

bool word_around(std::string_view text, std::size_t at) {
    const auto letter_or_digit = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return at > 0 && at + 1 < text.size() && letter_or_digit(text[at - 1]) &&
           letter_or_digit(text[at + 1]);
}

/// Text that is shown as it is: no emphasis, links, code, HTML, and no end of a table's cell.
std::string escaped(std::string_view text) {
    constexpr std::string_view special = "\\`*[]|~$";
    std::string safe;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        switch (c) {
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '&':
                safe += "&amp;";
                break;
            case '_':
                // Inside a word it is no emphasis.
                safe += word_around(text, i) ? "_" : "\\_";
                break;
            case '@':
                safe += "&#64;";  // GitHub would tell the user of that name
                break;
            case '\n':
            case '\r':
            case '\t':
                safe += ' ';
                break;
            default:
                if (special.find(c) != std::string_view::npos) safe += '\\';
                safe += c;
        }
    }
    return safe;
}

/// A table's cell that is never broken: the lines of the four labels stay beside each other.
std::string unbroken(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == ' ') {
            result += no_break_space;
        } else {
            result += c;
        }
    }
    return result;
}

/// Bold where it is other than in the release before.
std::string markdown_entry(const TableEntry& entry) {
    const bool other = entry.change != verdict::Verdict::as_expected;
    const std::string text = other ? "**" + symbol(entry) + "**" : symbol(entry);
    if (entry.note == 0) return text;
    return fmt::format("{}{}\\[{}\\]", text, no_break_space, entry.note);
}

bool has_bold(const ReleasesTable& table) {
    const auto in_row = [](const TableRow& row) {
        return std::any_of(row.entries.begin(), row.entries.end(), [](const auto& entry) {
            return entry.change != verdict::Verdict::as_expected;
        });
    };
    return std::any_of(table.blocks.begin(), table.blocks.end(), [&](const auto& block) {
        return std::any_of(block.rows.begin(), block.rows.end(), in_row);
    });
}

std::string table_line(const std::vector<std::string>& cells) {
    return "| " + join(cells, " | ") + " |\n";
}

std::string label(const TableRow& row, std::size_t part) {
    std::vector<std::string> lines;
    for (const auto& set : row.cells)
        lines.push_back(escaped(join(set.parts[part], ", ")));
    if (lines.size() == 1) return lines.front();
    for (auto& line : lines)
        line = unbroken(line);
    return join(lines, "<br>");
}

std::string block_table(const ReleasesTable& table, const TableBlock& block) {
    std::vector<std::string> head;
    for (const auto part : block.labels)
        head.emplace_back(part_names[part]);
    for (const auto& column : block.columns)
        head.push_back(escaped(heading(table, column)));
    std::string text = table_line(head) + table_line(std::vector<std::string>(head.size(), "---"));
    for (const auto& row : block.rows) {
        std::vector<std::string> cells;
        for (const auto part : block.labels)
            cells.push_back(label(row, part));
        for (const auto& entry : row.entries)
            cells.push_back(markdown_entry(entry));
        text += table_line(cells);
    }
    return text;
}

}  // namespace

std::string releases_markdown(const ReleasesTable& table, const std::string& made_with,
                              const std::vector<std::string>& records) {
    std::string text = "# What each torch release does\n\n";
    text += escaped(summary(table)) + ".\n\n";
    for (const auto& line : legend(table))
        text += "- " + line + "\n";
    if (has_bold(table)) text += "- **bold**: other than in the release before, or not known\n";
    for (const auto& block : table.blocks) {
        text += "\n## " + escaped(block.case_name) + "\n\n";
        if (!block.summary.empty()) text += escaped(block.summary) + "\n\n";
        text += block_table(table, block);
        if (!block.every_row.empty())
            text += "\nIn each row: " + escaped(join(block.every_row, ", ")) + ".\n";
        if (!block.stars.empty()) text += "\n`*` is " + escaped(join(block.stars, ", ")) + ".\n";
    }
    if (!table.notes.empty()) text += "\n## Notes\n\n";
    for (std::size_t note = 0; note < table.notes.size(); ++note)
        text += fmt::format("{}. {}\n", note + 1, escaped(table.notes[note]));
    text +=
        "\n## Records\n\nA column stands for every record from its first to its last release:\n\n";
    for (const auto& record : records)
        text += "- " + escaped(record) + "\n";
    return text + "\nMade with `" + made_with + "`; do not edit.\n";
}

}  // namespace exportgate::report
