#include "golden/row_order.h"

#include <algorithm>
#include <array>

namespace exportgate::golden {
namespace {

std::size_t rank(std::string_view word, const std::vector<std::string>& names) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), word) - names.begin());
}

/// Cuts the part up to the next '/' off `rest`.
std::string_view next_part(std::string_view& rest) {
    const auto end = rest.find('/');
    const auto part = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return part;
}

}  // namespace

std::strong_ordering compare_cells(std::string_view a, std::string_view b) {
    const auto parameters_of_a = a.starts_with('[') ? next_part(a) : std::string_view{};
    const auto parameters_of_b = b.starts_with('[') ? next_part(b) : std::string_view{};
    if (const auto order = parameters_of_a <=> parameters_of_b; order != 0) return order;
    for (const auto* names :
         {&matrix::kind_names(), &matrix::mode_names(), &matrix::dims_style_names()}) {
        const auto part_of_a = next_part(a);
        const auto part_of_b = next_part(b);
        if (part_of_a == part_of_b) continue;
        if (const auto order = rank(part_of_a, *names) <=> rank(part_of_b, *names); order != 0)
            return order;
        return part_of_a <=> part_of_b;
    }
    return a <=> b;
}

bool comes_before(const Row& a, const Row& b) {
    if (const auto order = compare_cells(a.cell, b.cell); order != 0) return order < 0;
    if (const auto order = a.since <=> b.since; order != 0) return order < 0;
    return a.when < b.when;
}

std::span<const Row> rows_of(const Golden& golden, std::string_view cell) {
    const auto first = std::lower_bound(
        golden.rows.begin(), golden.rows.end(), cell,
        [](const Row& row, auto name) { return compare_cells(row.cell, name) < 0; });
    auto last = first;
    while (last != golden.rows.end() && last->cell == cell)
        ++last;
    return {first, last};
}

}  // namespace exportgate::golden
