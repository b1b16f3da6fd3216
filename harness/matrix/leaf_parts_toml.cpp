#include "matrix/leaf_parts_toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace exportgate::matrix {
namespace {

/// A number, or a polynomial of dims; nothing where it is neither.
std::optional<Bound> read_bound(const toml::node& node, bool whole, const std::vector<Dim>& dims,
                                Mistakes& mistakes) {
    if (const auto* text = node.as_string())
        return Bound(read_expression(text->get(), line_of(node), dims, mistakes));
    const auto number = whole && !node.is_integer() ? std::nullopt : node.value<double>();
    return number ? std::optional<Bound>(*number) : std::nullopt;
}

bool is_empty_range(const Bound& low, const Bound& high) {
    const auto* lowest = std::get_if<double>(&low);
    const auto* highest = std::get_if<double>(&high);
    return lowest != nullptr && highest != nullptr && *lowest > *highest;
}

void read_value(const Entry& entry, const std::vector<Dim>& dims, Leaf& leaf, Mistakes& mistakes) {
    if (const auto* truth = entry.value->as_boolean()) {
        leaf.constant = truth->get();
    } else if (const auto* whole = entry.value->as_integer()) {
        leaf.constant = whole->get();
    } else if (const auto* number = entry.value->as_floating_point()) {
        leaf.constant = number->get();
    } else if (const auto* text = entry.value->as_string()) {
        leaf.constant = ExtentValue{read_expression(text->get(), entry.line, dims, mistakes)};
    } else {
        mistakes.add(
            entry.line,
            fmt::format("the value of leaf \"{}\" is {}, expected a number or the name of a dim",
                        leaf.name, kind_of(*entry.value)));
    }
}

void read_any_of(const Entry& entry, Leaf& leaf, Mistakes& mistakes) {
    static const std::vector<std::string> types{"int", "float", "bool"};
    const std::string type = read_string(entry, mistakes);
    leaf.constant = AnyOf{type};
    if (entry.value->is_string() && std::find(types.begin(), types.end(), type) == types.end()) {
        mistakes.add(entry.line,
                     fmt::format("leaf \"{}\" is of the unknown type \"{}\"", leaf.name, type),
                     suggestion(type, types));
    }
}

void read_dynamic(const Entry& entry, Leaf& leaf, Mistakes& mistakes) {
    const auto* dynamic = entry.value->as_boolean();
    if (dynamic == nullptr) {
        mistakes.add(entry.line, fmt::format("\"dynamic\" of leaf \"{}\" is {}, expected true",
                                             leaf.name, kind_of(*entry.value)));
        return;
    }
    leaf.is_dynamic = dynamic->get();
    const bool is_whole = std::holds_alternative<std::int64_t>(*leaf.constant) ||
                          std::holds_alternative<ExtentValue>(*leaf.constant);
    if (leaf.is_dynamic && !is_whole) {
        mistakes.add(
            entry.line,
            fmt::format("leaf \"{}\" is {}, which cannot be dynamic", leaf.name,
                        to_string(*leaf.constant)),
            "torch takes whole numbers as dynamic; of others it makes constants. Use a tensor");
    }
}

}  // namespace

bool require_dim(const std::string& name, int line, const std::vector<Dim>& dims,
                 Mistakes& mistakes) {
    std::vector<std::string> names;
    for (const Dim& dim : dims)
        names.push_back(dim.name);
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
    const std::string near = closest(name, names);
    mistakes.add(line, fmt::format("dim \"{}\" is not declared", name),
                 near.empty() ? fmt::format("declare it under [dims]: {} = [1, 1024]", name)
                              : fmt::format("did you mean \"{}\"?", near));
    return false;
}

std::string read_expression(const std::string& text, int line, const std::vector<Dim>& dims,
                            Mistakes& mistakes) {
    const auto polynomial = Polynomial::parse(text);
    if (!polynomial || polynomial->names().empty()) {
        mistakes.add(line, fmt::format("\"{}\" is not made of dims and whole numbers", text),
                     "write \"length\", \"length + 1\", \"2*length\" or \"past + new\"");
        return text;
    }
    for (const std::string& name : polynomial->names())
        require_dim(name, line, dims, mistakes);
    return polynomial->text();
}

void read_values(const Entry& entry, const std::vector<Dim>& dims, Leaf& leaf, Mistakes& mistakes) {
    static const std::vector<std::string> words{"ones", "zeros"};
    if (const auto* word = entry.value->as_string()) {
        if (word->get() == "ones") {
            leaf.values = Fill::ones;
        } else if (word->get() == "zeros") {
            leaf.values = Fill::zeros;
        } else {
            mistakes.add(
                entry.line,
                fmt::format("the values of leaf \"{}\" are \"{}\"", leaf.name, word->get()),
                suggestion(word->get(), words));
        }
        return;
    }
    const bool is_float = leaf.dtype.find("float") != std::string::npos;
    const toml::array* range = entry.value->as_array();
    const auto bound = [&](std::size_t i) {
        return range != nullptr && range->size() == 2
                   ? read_bound(*range->get(i), !is_float, dims, mistakes)
                   : std::nullopt;
    };
    const auto low = bound(0);
    const auto high = bound(1);
    if (leaf.dtype == "bool" || leaf.dtype.starts_with("complex")) {
        mistakes.add(
            entry.line,
            fmt::format("leaf \"{}\" of dtype {} has no range of values", leaf.name, leaf.dtype),
            "write values = \"ones\" or \"zeros\", or leave it away");
    } else if (!low || !high || is_empty_range(*low, *high)) {
        mistakes.add(entry.line,
                     fmt::format("the values of leaf \"{}\" are not the lowest and the highest{}",
                                 leaf.name, is_float ? "" : ", two integers"),
                     "write values = [0, 31], [0, \"length - 1\"], \"ones\" or \"zeros\"");
    } else {
        leaf.values = ValueRange{*low, *high};
    }
}

void read_layout(const Entry& entry, Leaf& leaf, Mistakes& mistakes) {
    static const std::string examples =
        "write layout = \"strided\", { transposed = [1, 2] } or { expanded = [0] }";
    const auto kind = [&](const std::string& name, int line) -> std::optional<LayoutKind> {
        const auto& names = layout_names();
        const auto found = std::find(names.begin(), names.end(), name);
        if (found != names.end()) return static_cast<LayoutKind>(found - names.begin());
        mistakes.add(line, fmt::format("unknown layout \"{}\" of leaf \"{}\"", name, leaf.name),
                     suggestion(name, names));
        return std::nullopt;
    };
    const auto* word = entry.value->as_string();
    const auto* table = entry.value->as_table();
    if (word != nullptr) {
        const auto found = kind(word->get(), entry.line);
        if (!found) return;
        leaf.layout.kind = *found;
    } else if (table != nullptr && table->size() == 1) {
        const Entry part = entries_of(*table).front();
        const auto found = kind(part.name, part.line);
        if (!found) return;
        leaf.layout.kind = *found;
        const bool names_dims = *found == LayoutKind::transposed || *found == LayoutKind::expanded;
        const toml::array* dims = names_dims ? read_array(part, mistakes) : nullptr;
        if (!names_dims)
            mistakes.add(part.line, fmt::format("the layout {} names no dims", part.name),
                         fmt::format("write layout = \"{}\"", part.name));
        if (dims == nullptr) return;
        for (const toml::node& node : *dims) {
            const auto dim = read_integer(
                node, fmt::format("a dim of the layout of leaf \"{}\"", leaf.name), mistakes);
            if (dim) leaf.layout.dims.push_back(*dim);
        }
        if (leaf.layout.dims.size() != dims->size()) return;
    } else {
        mistakes.add(entry.line,
                     fmt::format("the layout of leaf \"{}\" is {}, expected one of its names",
                                 leaf.name, kind_of(*entry.value)),
                     examples);
        return;
    }
    if (const auto why = layout_mistake(leaf.layout, leaf.shape.size()))
        mistakes.add(entry.line,
                     fmt::format("the layout of leaf \"{}\" does not suit it: {}", leaf.name, *why),
                     examples);
}

bool says_a_constant(std::string_view key, Leaves which) {
    return key == "value" || key == "string" || (key == "type" && which == Leaves::outputs);
}

void read_constant(const Entry& entry, const toml::table& table, const std::vector<Dim>& dims,
                   Leaves which, Leaf& leaf, Mistakes& mistakes) {
    leaf.constant = nullptr;
    if (entry.name == "value") {
        read_value(entry, dims, leaf, mistakes);
    } else if (entry.name == "string") {
        leaf.constant = Text{read_string(entry, mistakes)};
    } else {
        read_any_of(entry, leaf, mistakes);
    }
    for (const Entry& part : entries_of(table)) {
        if (part.name == entry.name) continue;
        if (part.name == "dynamic" && which == Leaves::inputs) {
            read_dynamic(part, leaf, mistakes);
            continue;
        }
        mistakes.add(entry.line,
                     fmt::format("leaf \"{}\" has a {} and something else", leaf.name, entry.name),
                     which == Leaves::inputs
                         ? "it has neither shape nor dtype: write { value = 3 }, "
                           "{ value = \"length\", dynamic = true } or { string = \"causal\" }"
                         : "it has neither shape nor dtype: write { value = 3 }");
        break;
    }
}

}  // namespace exportgate::matrix
