#include "page/figure_table.h"

#include <algorithm>

namespace exportgate::page {
namespace {

/// The column of numbers begins with a digit in some row.
bool is_number_column(const FigureTable& table, std::size_t column) {
    return std::any_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
        const auto& cell = row.cells[column];
        return !cell.empty() && cell.front() >= '0' && cell.front() <= '9';
    });
}

}  // namespace

document::Table document_table(const FigureTable& table) {
    document::Table made;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        made.columns.push_back(
            {{{table.columns[i]}}, i >= table.headers && is_number_column(table, i)});
    for (const auto& row : table.rows) {
        auto& cells = made.rows.emplace_back();
        for (const auto& cell : row.cells) {
            const bool strong = !row.mark.empty() && row.mark != "same" && cell == row.mark;
            cells.push_back({{{cell, strong ? document::Style::strong : document::Style::plain}}});
        }
    }
    return made;
}

}  // namespace exportgate::page
