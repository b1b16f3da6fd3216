#include "report/cell_sets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "matrix/name_pattern.h"

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
            // Naming the only value says more than a star, except for the end, where it would be in
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

/// "hf_decode[arch=llama]" where the cells are of several cases that have this in common; "*" where
/// they are of several folders.
std::string pattern_around(const std::set<std::string>& case_names) {
    if (case_names.size() == 1) return *case_names.begin();
    const matrix::CaseName first = matrix::parse_case_name(*case_names.begin());
    matrix::NamePattern around{first.folder, first.parameters, true};
    for (const std::string& name : case_names) {
        const matrix::CaseName other = matrix::parse_case_name(name);
        if (other.folder != first.folder) return "*";
        std::erase_if(around.conditions, [&](const auto& condition) {
            return !matrix::holds({condition}, other.parameters);
        });
    }
    return around.text();
}

/// The narrowest pattern of this form around all of `cells`.
std::string glob_around(std::span<const matrix::Cell> cells) {
    std::array<std::set<std::string>, parts_of_a_name> values;
    for (const auto& cell : cells) {
        const auto product = product_of(cell);
        for (std::size_t part = 0; part < parts_of_a_name; ++part)
            values[part].insert(product[part].front());
    }
    std::string glob = pattern_around(values[0]);
    for (std::size_t part = 1; part < parts_of_a_name; ++part)
        glob += "/" + (values[part].size() == 1 ? *values[part].begin() : std::string("*"));
    return without_trailing_stars(glob);
}

/// The cases of each folder of `cells`, in their order.
std::map<std::string, Values> cases_by_folder(std::span<const matrix::Cell> cells) {
    std::map<std::string, Values> folders;
    for (const auto& cell : cells) {
        Values& names = folders[cell.folder()];
        if (std::find(names.begin(), names.end(), cell.case_name) == names.end())
            names.push_back(cell.case_name);
    }
    return folders;
}

/// The values of each parameter of the cases, each once.
std::vector<std::pair<std::string, Values>> values_of(const Values& case_names) {
    std::vector<std::pair<std::string, Values>> all;
    for (const std::string& name : case_names) {
        for (const auto& [parameter, value] : matrix::parse_case_name(name).parameters) {
            auto found = std::find_if(all.begin(), all.end(), [&same = parameter](const auto& one) {
                return one.first == same;
            });
            if (found == all.end()) found = all.insert(all.end(), {parameter, {}});
            auto& values = found->second;
            if (std::find(values.begin(), values.end(), value) == values.end())
                values.push_back(value);
        }
    }
    return all;
}

std::string in_braces(const Values& words) {
    return words.size() == 1 ? words.front() : fmt::format("{{{}}}", join(words, ","));
}

/// Some cases of one folder as one word; `all` are the cases of the folder.
std::string spell_cases(const Values& names, const Values& all) {
    if (names.size() == 1) return names.front();
    const std::string folder = matrix::folder_of(names.front());
    if (names.size() == all.size()) return folder;
    std::size_t combinations = 1;
    std::vector<std::string> conditions;
    const auto values_of_all = values_of(all);
    const auto values_of_names = values_of(names);
    for (std::size_t i = 0; i < values_of_names.size(); ++i) {
        const auto& [parameter, values] = values_of_names[i];
        combinations *= values.size();
        if (values.size() < values_of_all[i].second.size() || values.size() == 1)
            conditions.push_back(parameter + "=" + in_braces(values));
    }
    if (combinations == names.size())
        return conditions.empty() ? folder : fmt::format("{}[{}]", folder, join(conditions, ","));
    Values brackets;  // of what is no product, each
    for (const std::string& name : names)
        brackets.push_back(name.substr(folder.size()));
    return folder + in_braces(brackets);
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
        return names.contains(name) || !matrix::name_matches(glob, name);
    });
}

}  // namespace

std::string values_alone(const std::string& case_name) {
    Values words;
    for (const auto& parameter : matrix::parse_case_name(case_name).parameters)
        words.push_back(parameter.second);
    return join(words, " ");
}

std::vector<CellSet> cell_sets(std::span<const matrix::Cell> cells,
                               std::span<const matrix::Cell> all) {
    const auto ranges = ranges_of(all);
    const auto folders = cases_by_folder(all);
    std::vector<CellSet> sets;
    for (const auto& product : products_of(cells)) {
        const std::string& case_name = product[0].front();
        const auto range = ranges.find(case_name);
        CellSet set{matrix::folder_of(case_name), {}};
        for (std::size_t part = 1; part < parts_of_a_name; ++part) {
            const auto& values = product[part];
            const bool every = range != ranges.end() && values.size() > 1 &&
                               values.size() == range->second[part].size();
            set.parts[part] = every ? Values{"*"} : values;
        }
        auto alike = std::find_if(sets.begin(), sets.end(), [&](const CellSet& other) {
            return other.folder == set.folder &&
                   std::equal(set.parts.begin() + 1, set.parts.end(), other.parts.begin() + 1);
        });
        if (alike == sets.end()) alike = sets.insert(sets.end(), std::move(set));
        if (case_name != alike->folder) alike->parts[0].push_back(values_alone(case_name));
    }
    for (CellSet& set : sets) {
        const auto folder = folders.find(set.folder);
        const bool every = folder != folders.end() && set.parts[0].size() > 1 &&
                           set.parts[0].size() == folder->second.size();
        if (every) set.parts[0] = {"*"};
    }
    return sets;
}

std::vector<std::string> describe(std::span<const matrix::Cell> cells,
                                  std::span<const matrix::Cell> all) {
    const auto ranges = ranges_of(all);
    const auto folders = cases_by_folder(all);
    std::vector<std::pair<std::string, Values>> sets;  // the cases of one folder, by what follows
    std::map<std::pair<std::string, std::string>, std::size_t> places;
    for (const auto& product : products_of(cells)) {
        const std::string& name = product[0].front();
        const auto range = ranges.find(name);
        const std::string rest =
            spell(product, range == ranges.end()
                               ? std::array<std::set<std::string>, parts_of_a_name>{}
                               : range->second)
                .substr(name.size());
        const auto [place, is_new] =
            places.emplace(std::pair(matrix::folder_of(name), rest), sets.size());
        if (is_new) sets.push_back({rest, {}});
        sets[place->second].second.push_back(name);
    }
    std::vector<std::string> lines;
    for (const auto& [rest, names] : sets) {
        const auto folder = folders.find(matrix::folder_of(names.front()));
        lines.push_back(spell_cases(names, folder == folders.end() ? names : folder->second) +
                        rest);
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
    for (const auto& [rest, names] : cases_of)
        lines.push_back(in_braces(names) + rest);
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
