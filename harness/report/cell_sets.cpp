#include "report/cell_sets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"

namespace exportgate::report {
namespace {

constexpr std::size_t parts_of_a_name = 5;  // case, kind, mode, dims, pair
constexpr std::array<std::size_t, 4> merge_order{4, 3, 1, 2};

using Values = std::vector<std::string>;
/// All combinations of the values of each part.
using Product = std::array<Values, parts_of_a_name>;

Product product_of(const matrix::Cell& cell) {
    return {Values{cell.case_name},
            {matrix::to_string(cell.kind)},
            {matrix::to_string(cell.mode)},
            {matrix::to_string(cell.dims)},
            {cell.pair}};
}

/// Products that differ in one part only become one.
std::vector<Product> merge(std::vector<Product> products, std::size_t part) {
    std::vector<Product> merged;
    std::map<Product, std::size_t> places;
    for (auto& product : products) {
        Product key = product;
        key[part].clear();
        const auto [place, is_new] = places.emplace(std::move(key), merged.size());
        if (is_new) {
            merged.push_back(std::move(product));
        } else {
            auto& values = merged[place->second][part];
            values.insert(values.end(), product[part].begin(), product[part].end());
        }
    }
    return merged;
}

std::vector<Product> products_of(std::span<const matrix::Cell> cells) {
    std::vector<Product> products;
    for (const auto& cell : cells)
        products.push_back(product_of(cell));
    for (const auto part : merge_order)
        products = merge(std::move(products), part);
    return products;
}

/// What each part can be, by case.
std::map<std::string, std::array<std::set<std::string>, parts_of_a_name>> ranges_of(
    std::span<const matrix::Cell> all) {
    std::map<std::string, std::array<std::set<std::string>, parts_of_a_name>> ranges;
    for (const auto& cell : all) {
        const auto product = product_of(cell);
        auto& range = ranges[cell.case_name];
        for (std::size_t part = 0; part < parts_of_a_name; ++part)
            range[part].insert(product[part].front());
    }
    return ranges;
}

/// "case/*/*/*/*" is "case/*": a star also matches slashes.
std::string without_trailing_stars(std::string name) {
    while (name.ends_with("/*/*"))
        name.resize(name.size() - 2);
    return name;
}

std::string spell(const Product& product,
                  const std::array<std::set<std::string>, parts_of_a_name>& range) {
    std::string name = product[0].front();
    for (std::size_t part = 1; part < parts_of_a_name; ++part) {
        const auto& values = product[part];
        name += '/';
        if (values.size() == 1) {
            // Naming the only value says more than a star, but for the end, where it would be in
            // the way of "case/*".
            name += values.front();
        } else if (values.size() == range[part].size()) {
            name += '*';
        } else {
            name += fmt::format("{{{}}}", join(values, ","));
        }
    }
    return without_trailing_stars(name);
}

/// The narrowest glob of this form around all of `cells`.
std::string glob_around(std::span<const matrix::Cell> cells) {
    std::array<std::set<std::string>, parts_of_a_name> values;
    for (const auto& cell : cells) {
        const auto product = product_of(cell);
        for (std::size_t part = 0; part < parts_of_a_name; ++part)
            values[part].insert(product[part].front());
    }
    std::string glob;
    for (std::size_t part = 0; part < parts_of_a_name; ++part) {
        if (part > 0) glob += '/';
        glob += values[part].size() == 1 ? *values[part].begin() : "*";
    }
    return without_trailing_stars(glob);
}

std::vector<matrix::Cell> cells_of(const Product& product, std::span<const matrix::Cell> cells) {
    const auto has = [](const Values& values, const std::string& value) {
        return std::find(values.begin(), values.end(), value) != values.end();
    };
    std::vector<matrix::Cell> inside;
    for (const auto& cell : cells) {
        const auto parts_of_cell = product_of(cell);
        bool fits = true;
        for (std::size_t part = 0; part < parts_of_a_name && fits; ++part)
            fits = has(product[part], parts_of_cell[part].front());
        if (fits) inside.push_back(cell);
    }
    return inside;
}

/// Whether `glob` matches no cell of `all` but those in `names`.
bool is_exact(const std::string& glob, const std::set<std::string>& names,
              std::span<const matrix::Cell> all) {
    return std::all_of(all.begin(), all.end(), [&](const auto& cell) {
        const auto name = cell.name();
        return names.contains(name) || !glob_matches(glob, name);
    });
}

}  // namespace

std::vector<CellSet> cell_sets(std::span<const matrix::Cell> cells,
                               std::span<const matrix::Cell> all) {
    const auto ranges = ranges_of(all);
    std::vector<CellSet> sets;
    for (const auto& product : products_of(cells)) {
        const auto range = ranges.find(product[0].front());
        CellSet set{product[0].front(), {}};
        for (std::size_t part = 1; part < parts_of_a_name; ++part) {
            const auto& values = product[part];
            const bool every = range != ranges.end() && values.size() > 1 &&
                               values.size() == range->second[part].size();
            set.parts[part - 1] = every ? Values{"*"} : values;
        }
        sets.push_back(std::move(set));
    }
    return sets;
}

std::vector<std::string> describe(std::span<const matrix::Cell> cells,
                                  std::span<const matrix::Cell> all) {
    const auto ranges = ranges_of(all);
    std::vector<std::string> lines;
    for (const auto& product : products_of(cells)) {
        const auto range = ranges.find(product[0].front());
        lines.push_back(spell(product, range == ranges.end()
                                           ? std::array<std::set<std::string>, parts_of_a_name>{}
                                           : range->second));
    }
    return lines;
}

std::vector<std::string> describe_across_cases(std::span<const matrix::Cell> cells,
                                               std::span<const matrix::Cell> all) {
    std::vector<std::pair<std::string, Values>> cases_of;  // by what stands behind the case
    for (const auto& set : describe(cells, all)) {
        const auto slash = set.find('/');
        auto found = std::find_if(cases_of.begin(), cases_of.end(), [&](const auto& each) {
            return set.substr(slash) == each.first;
        });
        if (found == cases_of.end())
            found = cases_of.insert(cases_of.end(), {set.substr(slash), {}});
        found->second.push_back(set.substr(0, slash));
    }
    std::vector<std::string> lines;
    for (const auto& [rest, names] : cases_of) {
        lines.push_back(
            (names.size() == 1 ? names.front() : fmt::format("{{{}}}", join(names, ","))) + rest);
    }
    return lines;
}

std::vector<std::string> patterns(std::span<const matrix::Cell> cells,
                                  std::span<const matrix::Cell> all, std::size_t limit) {
    if (cells.empty()) return {};
    std::set<std::string> names;
    for (const auto& cell : cells)
        names.insert(cell.name());
    if (auto glob = glob_around(cells); is_exact(glob, names, all)) return {glob};
    std::vector<std::string> globs;
    for (const auto& product : products_of(cells)) {
        const auto inside = cells_of(product, cells);
        if (auto glob = glob_around(inside); is_exact(glob, names, all)) {
            globs.push_back(std::move(glob));
        } else {
            for (const auto& cell : inside)
                globs.push_back(cell.name());
        }
        if (globs.size() > limit) return {};
    }
    return globs;
}

}  // namespace exportgate::report
