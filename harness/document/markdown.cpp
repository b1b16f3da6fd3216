#include "document/markdown.h"

#include <algorithm>

#include "base/printable.h"

namespace exportgate::document {
namespace {

constexpr std::size_t shortest_fence = 3;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Inside a word '_' is no emphasis.
bool is_inside_a_word(std::string_view text, std::size_t at) {
    return at > 0 && at + 1 < text.size() && is_letter_or_digit(text[at - 1]) &&
           is_letter_or_digit(text[at + 1]);
}

std::string escaped(std::string_view raw) {
    constexpr std::string_view special = "\\`*[]|~$#";
    const std::string text = printable(raw);
    std::string safe;
    for (std::size_t i = 0; i < text.size(); ++i) {
        switch (const char c = text[i]) {
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '&':
                safe += "&amp;";
                break;
            case '@':
                safe += "&#64;";  // GitHub would tell the user of that name
                break;
            case '_':
                safe += is_inside_a_word(text, i) ? "_" : "\\_";
                break;
            case '\n':
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

std::string on_one_line(std::string_view raw) {
    std::string line = printable(raw);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

std::size_t longest_run_of_backticks(std::string_view text) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

/// Literal text within a paragraph.
std::string code_span(std::string_view raw) {
    const auto text = on_one_line(raw);
    if (text.empty()) return "";
    const auto longest = longest_run_of_backticks(text);
    const std::string ticks(longest + 1, '`');
    const std::string pad = longest > 0 ? " " : "";
    return ticks + pad + text + pad + ticks;
}

std::string markdown_of(const Run& run) {
    switch (run.style) {
        case Style::strong:
            return "**" + escaped(run.text) + "**";
        case Style::emphasis:
            return "*" + escaped(run.text) + "*";
        case Style::literal:
            return code_span(run.text);
        case Style::link:
            return "[" + escaped(run.text) + "](" + run.target + ")";
        case Style::picture:
            return "![" + escaped(run.text) + "](" + run.target + ")";
        case Style::markdown:
            return run.text;
        case Style::plain:
        case Style::faint:
        case Style::good:
        case Style::bad:
        case Style::warning:
        case Style::news:
        case Style::unknown:
            return escaped(run.text);
    }
    return escaped(run.text);
}

/// The summary of a fold is HTML.
std::string html_of(const Run& run) {
    std::string safe;
    for (const char c : on_one_line(run.text)) {
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            default:
                safe += c;
        }
    }
    if (safe.empty()) return safe;
    if (run.style == Style::literal) return "<code>" + safe + "</code>";
    return run.style == Style::strong ? "<b>" + safe + "</b>" : safe;
}

std::string line_of(const Text& text) {
    std::string line;
    for (const Run& run : text)
        line += markdown_of(run);
    return line;
}

/// Lines of a cell that has several are not broken: they stay beside those of its neighbours.
std::string cell_of(const Cell& cell) {
    if (cell.size() == 1) return line_of(cell.front());
    std::string text;
    for (const Text& each : cell) {
        text += text.empty() ? "" : "<br>";
        for (const char c : line_of(each))
            text += c == ' ' ? std::string("\u00a0") : std::string(1, c);
    }
    return text;
}

std::string row_of(const std::vector<std::string>& cells) {
    std::string text = "|";
    for (const auto& cell : cells)
        text += " " + cell + " |";
    return text + "\n";
}

void add_items(const List& list, std::size_t indent, std::string& text) {
    std::size_t number = 0;
    for (const Item& item : list.items) {
        text += std::string(indent, ' ') +
                (list.numbered ? std::to_string(++number) + ". " : std::string("- ")) +
                (item.key.empty() ? "" : line_of(item.key) + ": ") + line_of(item.text) + "\n";
        add_items({item.items}, indent + 2, text);
    }
}

struct BlockMarkdown {
    std::string operator()(const Heading& heading) const {
        return std::string(static_cast<std::size_t>(heading.level), '#') + " " +
               line_of(heading.text) + "\n";
    }
    std::string operator()(const Paragraph& paragraph) const {
        std::string text;
        for (const Text& line : paragraph.lines)
            text += line_of(line) + "\n";
        return text;
    }
    std::string operator()(const List& list) const {
        std::string text;
        add_items(list, 0, text);
        return text;
    }
    std::string operator()(const Table& table) const {
        std::vector<std::string> head;
        std::vector<std::string> rule;
        for (const Column& column : table.columns) {
            head.push_back(line_of(column.heading));
            rule.emplace_back(column.of_numbers ? "---:" : "---");
        }
        std::string text = row_of(head) + row_of(rule);
        for (const auto& row : table.rows) {
            std::vector<std::string> cells;
            for (const Cell& cell : row)
                cells.push_back(cell_of(cell));
            text += row_of(cells);
        }
        return text;
    }
    std::string operator()(const Caution& caution) const {
        return "> " + line_of(caution.text) + "\n";
    }
    std::string operator()(const Code& code) const {
        std::string body;
        const auto shown = shown_of(code.lines.size(), code.most);
        for (std::size_t i = 0; i < shown; ++i)
            body += on_one_line(code.lines[i]) + "\n";
        if (shown < code.lines.size())
            body += "... " + std::to_string(code.lines.size() - shown) + " more lines\n";
        const std::string fence(std::max(shortest_fence, longest_run_of_backticks(body) + 1), '`');
        return fence + code.language + "\n" + body + fence + "\n";
    }
    std::string operator()(const Gap&) const {
        return "";
    }
    std::string operator()(const Fold& fold) const {
        std::string text = "<details><summary>";
        for (const Run& run : fold.summary)
            text += html_of(run);
        text += "</summary>\n";
        if (!fold.blocks.empty()) text += "\n" + markdown(fold.blocks) + "\n";
        return text + "</details>\n";
    }
};

}  // namespace

std::string markdown(const Block& block) {
    return std::visit(BlockMarkdown{}, block.what);
}

void append_markdown(const Document& document, std::string& text) {
    bool behind_fold = false;
    for (const Block& block : document) {
        if (std::holds_alternative<Gap>(block.what)) continue;
        const bool is_fold = std::holds_alternative<Fold>(block.what);
        if (!text.empty() && !(behind_fold && is_fold)) text += "\n";
        text += markdown(block);
        behind_fold = is_fold;
    }
}

std::string markdown(const Document& document) {
    std::string text;
    append_markdown(document, text);
    return text;
}

}  // namespace exportgate::document
