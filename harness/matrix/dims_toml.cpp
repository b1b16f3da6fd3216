// Dims, what ties them together, and the pairs that bind them.
#include "matrix/dims_toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "base/text.h"
#include "matrix/leaf_toml.h"
#include "matrix/names.h"

namespace exportgate::matrix {
namespace {

Dim read_dim(const Entry& entry, Mistakes& mistakes) {
    // A dim whose range cannot be read is declared all the same: its uses are no further
    // mistakes.
    Dim dim{entry.name, 0, std::numeric_limits<std::int64_t>::max()};
    const toml::array* range = entry.value->as_array();
    if (range == nullptr || range->size() != 2 || !range->get(0)->is_integer() ||
        !range->get(1)->is_integer()) {
        mistakes.add(entry.line,
                     fmt::format("the range of dim \"{}\" is not two integers", entry.name),
                     fmt::format("write {} = [1, 1024]", entry.name));
        return dim;
    }
    const std::int64_t min = range->get(0)->as_integer()->get();
    const std::int64_t max = range->get(1)->as_integer()->get();
    if (min < 0) {
        mistakes.add(entry.line,
                     fmt::format("dim \"{}\" has a negative minimum, {}", entry.name, min));
    } else if (min > max) {
        mistakes.add(
            entry.line,
            fmt::format("dim \"{}\" has minimum {} above maximum {}", entry.name, min, max),
            "the order is [min, max]");
    } else if (min == max) {
        mistakes.add(entry.line, fmt::format("dim \"{}\" can only be {}", entry.name, min),
                     "torch.export.Dim needs min < max; write the number in the shapes instead");
    } else {
        dim.min = min;
        dim.max = max;
    }
    return dim;
}

/// Nothing where a dim has no extent.
std::optional<double> value_at(const Bound& bound, const Pair& pair) {
    if (const auto* number = std::get_if<double>(&bound)) return *number;
    const auto polynomial = Polynomial::parse(std::get<std::string>(bound));
    const auto value = polynomial ? polynomial->at(pair.extents) : std::nullopt;
    return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
}

/// Extents that the relations or the leaves do not allow.
void report_impossible(const Entry& entry, const Pair& pair, const Case& one, Mistakes& mistakes) {
    for (const Relation& relation : one.relations) {
        if (relation.holds(pair.extents)) continue;
        mistakes.add(entry.line, fmt::format("pair \"{}\" does not obey the relation \"{}\"",
                                             pair.name, relation.text()));
    }
    for (const Leaf& leaf : one.inputs) {
        for (const Extent& extent : leaf.shape) {
            const auto* expression = std::get_if<std::string>(&extent);
            const auto polynomial =
                expression == nullptr ? std::nullopt : Polynomial::parse(*expression);
            const auto value = polynomial ? polynomial->at(pair.extents) : std::nullopt;
            if (value && *value < 0)
                mistakes.add(entry.line,
                             fmt::format("pair \"{}\" gives leaf \"{}\" the extent {} = {}",
                                         pair.name, leaf.name, *expression, *value));
        }
        if (const auto* range = std::get_if<ValueRange>(&leaf.values)) {
            const auto low = value_at((*range)[0], pair);
            const auto high = value_at((*range)[1], pair);
            if (low && high && *low > *high)
                mistakes.add(entry.line,
                             fmt::format("pair \"{}\" gives leaf \"{}\" values from {} to {}",
                                         pair.name, leaf.name, *low, *high));
        }
    }
}

Pair read_pair(const Entry& entry, const std::vector<Dim>& dims, Mistakes& mistakes) {
    Pair pair{entry.name, {}};
    const toml::table* table = entry.value->as_table();
    if (table == nullptr) {
        mistakes.add(
            entry.line,
            fmt::format("pair \"{}\" is {}, expected a table", entry.name, kind_of(*entry.value)),
            fmt::format("write {} = {{ batch = 3, clength = 5 }}", entry.name));
        return pair;
    }
    std::set<std::string> bound;
    for (const Entry& extent : entries_of(*table)) {
        if (!require_dim(extent.name, extent.line, dims, mistakes)) continue;
        bound.insert(extent.name);
        const auto value = read_integer(
            *extent.value, fmt::format("dim \"{}\" of pair \"{}\"", extent.name, entry.name),
            mistakes);
        if (!value) continue;
        pair.extents[extent.name] = *value;
        const auto dim = std::find_if(dims.begin(), dims.end(),
                                      [&](const Dim& d) { return d.name == extent.name; });
        if (*value < dim->min || *value > dim->max) {
            mistakes.add(extent.line,
                         fmt::format("pair \"{}\" has {} = {}, outside the dim's range {}..{}",
                                     entry.name, extent.name, *value, dim->min, dim->max));
        }
    }
    for (const Dim& dim : dims) {
        if (bound.contains(dim.name)) continue;
        mistakes.add(entry.line,
                     fmt::format("pair \"{}\" has no value for dim \"{}\"", entry.name, dim.name),
                     fmt::format("add {} = {}", dim.name, std::max<std::int64_t>(dim.min, 2)));
    }
    return pair;
}

}  // namespace

std::vector<Dim> read_dims(const Entry& entry, Mistakes& mistakes) {
    std::vector<Dim> dims;
    const toml::table* table = read_table(entry, mistakes);
    if (table == nullptr) return dims;
    for (const Entry& dim : entries_of(*table)) {
        if (!is_identifier(dim.name)) {
            mistakes.add(dim.line, fmt::format("dim \"{}\" is not a Python identifier", dim.name),
                         "torch.export.Dim takes letters, digits and '_' only");
        }
        dims.push_back(read_dim(dim, mistakes));
    }
    return dims;
}

std::vector<Relation> read_relations(const Entry& entry, const std::vector<Dim>& dims,
                                     Mistakes& mistakes) {
    std::vector<Relation> relations;
    const toml::array* array = read_array(entry, mistakes);
    if (array == nullptr) return relations;
    for (const toml::node& node : *array) {
        const auto* text = node.as_string();
        auto relation = text == nullptr ? std::nullopt : Relation::parse(text->get());
        if (!relation) {
            mistakes.add(line_of(node),
                         text == nullptr
                             ? fmt::format("relations holds {}, expected strings", kind_of(node))
                             : fmt::format("\"{}\" is not a relation between dims", text->get()),
                         "write relations = [\"total == past + new\", \"batch*length <= 120\"]");
            continue;
        }
        bool all_declared = true;
        for (const std::string& name : relation->names())
            all_declared &= require_dim(name, line_of(node), dims, mistakes);
        if (all_declared) relations.push_back(*std::move(relation));
    }
    return relations;
}

void report_unused_dims(const Entry& entry, const Case& one, Mistakes& mistakes) {
    const toml::table* table = entry.value->as_table();
    if (table == nullptr) return;
    std::set<std::string> used;
    const auto add = [&](const std::string& expression) {
        const auto polynomial = Polynomial::parse(expression);
        if (!polynomial) return;
        for (const std::string& name : polynomial->names())
            used.insert(name);
    };
    for (const Leaf& leaf : one.inputs) {
        for (const Extent& extent : leaf.shape) {
            if (const auto* expression = std::get_if<std::string>(&extent)) add(*expression);
        }
        if (!leaf.constant) continue;
        if (const auto* value = std::get_if<ExtentValue>(&*leaf.constant)) add(value->expression);
    }
    for (const Entry& dim : entries_of(*table)) {
        if (used.contains(dim.name)) continue;
        mistakes.add(dim.line, fmt::format("dim \"{}\" is not used by any input", dim.name),
                     "use it in a shape under [inputs], or remove it");
    }
}

std::vector<Pair> read_pairs(const Entry& entry, const Case& one, Mistakes& mistakes) {
    std::vector<Pair> pairs;
    const toml::table* table = read_table(entry, mistakes);
    if (table == nullptr) return pairs;
    if (table->empty())
        mistakes.add(entry.line, "[pairs] declares no pair",
                     "write a line like b3c5 = { batch = 3, clength = 5 }");
    for (const Entry& pair : entries_of(*table)) {
        if (!usable_in_cell_name(pair.name)) {
            mistakes.add(pair.line,
                         fmt::format("pair \"{}\" cannot be part of a cell's name", pair.name),
                         std::string(cell_name_rule));
        }
        Pair read = read_pair(pair, one.dims, mistakes);
        const auto same = std::find_if(pairs.begin(), pairs.end(),
                                       [&](const Pair& p) { return p.extents == read.extents; });
        if (same != pairs.end() && read.extents.size() == one.dims.size()) {
            mistakes.add(pair.line, fmt::format("pair \"{}\" binds the dims as pair \"{}\" does",
                                                read.name, same->name));
        }
        if (read.extents.size() == one.dims.size()) report_impossible(pair, read, one, mistakes);
        pairs.push_back(std::move(read));
    }
    return pairs;
}

}  // namespace exportgate::matrix
