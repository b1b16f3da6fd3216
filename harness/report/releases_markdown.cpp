#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "report/releases_page.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

constexpr std::size_t most_sets_of_reason = 8;
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

/// Of one case a paragraph, of several a list.
std::string summaries(const std::vector<const TableBlock*>& alike) {
    std::string text;
    for (const auto* block : alike) {
        if (block->summary.empty()) continue;
        if (alike.size() > 1) text += "- " + escaped(block->case_name) + ": ";
        text += escaped(block->summary) + "\n";
    }
    return text.empty() ? text : text + "\n";
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

/// Literal text in a line, in which nothing of it means anything. Names of cells have no backtick.
std::string code(const std::string& text) {
    return "`" + text + "`";
}

std::string sets_text(const std::vector<std::string>& sets) {
    const std::size_t shown =
        sets.size() <= most_sets_of_reason + 1 ? sets.size() : most_sets_of_reason;
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < shown; ++i)
        texts.push_back(code(sets[i]));
    return join(texts, ", ") +
           (shown < sets.size() ? fmt::format(" and {} more", sets.size() - shown) : "");
}

std::string reason_lines(const ReleasesTable& table, const FailingReason& reason) {
    std::string text = "- " + escaped(reason.what);
    if (!reason.place.empty()) text += ", for example of " + escaped(reason.place);
    text += '\n';
    for (const auto& where : reason.where) {
        text += fmt::format("  - {}: {}, {}\n", heading(table, where.releases),
                            counted(where.count, "cell"), sets_text(where.cells));
    }
    return text;
}

/// A number, bold where it is another one than in the release before.
std::vector<std::string> numbers(std::string first, const std::vector<std::size_t>& values) {
    std::vector<std::string> cells{std::move(first)};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool other = i > 0 && values[i] != values[i - 1];
        cells.push_back(fmt::format("{0}{1}{0}", other ? "**" : "", values[i]));
    }
    return cells;
}

std::string checks_section(const ReleasesTable& table) {
    if (table.checks.rows.empty()) return "";
    std::string text =
        "\n## Checks\n\nOf the cells that exported, how many fail each check. `docs/checks.md` "
        "says "
        "what each check does, and what is behind these failures.\n\n";
    std::vector<std::string> head{"check"};
    for (const auto& release : table.releases)
        head.push_back(escaped(release));
    text += table_line(head) + table_line(std::vector<std::string>(head.size(), "---"));
    text += table_line(numbers("*cells that exported*", table.checks.exported));
    for (const auto& row : table.checks.rows)
        text += table_line(numbers(escaped(row.name), row.failing));
    for (const auto& row : table.checks.rows) {
        if (row.reasons.empty()) continue;
        text += "\n### " + escaped(row.name) + "\n\n";
        for (const auto& reason : row.reasons)
            text += reason_lines(table, reason);
    }
    return text;
}

std::string programs_section(const ReleasesTable& table) {
    if (table.programs.empty()) return "";
    std::string text =
        "\n## Programs that the release before saved\n\nWhat each release saved, the next one "
        "loads and runs. What is said here is not part of the goldens; `exportgate upgrade` judges "
        "it.\n\n";
    for (const auto& part : table.programs) {
        text += "- " + escaped(part.headline) + "\n";
        for (const auto& detail : part.details)
            text += "  - " + escaped(detail) + "\n";
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
    for (const auto& alike : blocks_alike(table)) {
        const TableBlock& block = *alike.front();
        std::vector<std::string> names;
        for (const auto* each : alike)
            names.push_back(escaped(each->case_name));
        text += "\n## " + join(names, ", ") + "\n\n" + summaries(alike);
        text += block_table(table, block);
        if (!block.every_row.empty())
            text += "\nIn each row: " + escaped(join(block.every_row, ", ")) + ".\n";
        if (!block.stars.empty()) text += "\n`*` is " + escaped(join(block.stars, ", ")) + ".\n";
    }
    if (!table.notes.empty()) text += "\n## Notes\n\n";
    for (std::size_t note = 0; note < table.notes.size(); ++note)
        text += fmt::format("{}. {}\n", note + 1, escaped(table.notes[note]));
    text += checks_section(table) + programs_section(table);
    text +=
        "\n## Records\n\nA column stands for every record from its first to its last release:\n\n";
    for (const auto& record : records)
        text += "- " + escaped(record) + "\n";
    return text + "\nMade with `" + made_with + "`; do not edit.\n";
}

}  // namespace exportgate::report
