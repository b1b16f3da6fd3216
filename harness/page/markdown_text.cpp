#include "page/markdown_text.h"

#include "report/printable.h"

namespace exportgate::page {
namespace {

/// The column of numbers begins with a digit in some row.
bool is_number_column(const FigureTable& table, std::size_t column) {
    for (const auto& row : table.rows) {
        const auto& cell = row.cells[column];
        if (!cell.empty() && cell.front() >= '0' && cell.front() <= '9') return true;
    }
    return false;
}

}  // namespace

std::string markdown_text(std::string_view text) {
    constexpr std::string_view special = "\\`*_[]|~$#";
    std::string safe;
    for (const char c : report::printable(text)) {
        if (c == '<') {
            safe += "&lt;";
        } else if (c == '>') {
            safe += "&gt;";
        } else if (c == '&') {
            safe += "&amp;";
        } else if (c == '@') {
            safe += "&#64;";  // GitHub would tell the user of that name
        } else if (c == '\n' || c == '\t') {
            safe += ' ';
        } else {
            if (special.find(c) != std::string_view::npos) safe += '\\';
            safe += c;
        }
    }
    return safe;
}

std::string markdown_table(const FigureTable& table) {
    std::string head = "|";
    std::string rule = "|";
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        head += " " + markdown_text(table.columns[i]) + " |";
        rule += i >= table.headers && is_number_column(table, i) ? "---:|" : "---|";
    }
    std::string text = head + "\n" + rule + "\n";
    for (const auto& row : table.rows) {
        text += "|";
        for (const auto& cell : row.cells) {
            const bool bold = !row.mark.empty() && row.mark != "same" && cell == row.mark;
            text += (bold ? " **" : " ") + markdown_text(cell) + (bold ? "** |" : " |");
        }
        text += "\n";
    }
    return text;
}

}  // namespace exportgate::page
