#include "record/leaf_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace exportgate::record {
namespace {

using Ordered = nlohmann::ordered_json;
using matrix::Leaf;

/// A polynomial of declared dims in its one spelling.
std::optional<std::string> expression_from(const Json& json, const std::vector<matrix::Dim>& dims) {
    const auto* text = json.get_ptr<const Json::string_t*>();
    const auto polynomial = text == nullptr ? std::nullopt : matrix::Polynomial::parse(*text);
    if (!polynomial || polynomial->names().empty() || !all_declared(polynomial->names(), dims))
        return std::nullopt;
    return polynomial->text();
}

matrix::Constant constant_from(const Json& json, const std::vector<matrix::Dim>& dims,
                               const Leaf& leaf, Mistake& mistake) {
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number_integer()) return json.get<std::int64_t>();
    if (json.is_number()) return json.get<double>();
    const auto expression = json.is_object() && json.size() == 1 && json.contains("dim")
                                ? expression_from(json.at("dim"), dims)
                                : std::nullopt;
    if (expression) return matrix::ExtentValue{*expression};
    mistake.note(
        fmt::format("the value of leaf \"{}\" is {}, which is neither a number nor a "
                    "declared dim",
                    leaf.name, json.dump()));
    return nullptr;
}

std::optional<matrix::Bound> bound_from(const Json& json, const std::vector<matrix::Dim>& dims) {
    if (json.is_number()) return json.get<double>();
    if (auto expression = expression_from(json, dims)) return *std::move(expression);
    return std::nullopt;
}

matrix::Values values_from(const Json& json, const std::vector<matrix::Dim>& dims, const Leaf& leaf,
                           Mistake& mistake) {
    if (json == "ones") return matrix::Fill::ones;
    if (json == "zeros") return matrix::Fill::zeros;
    if (json.is_array() && json.size() == 2) {
        const auto low = bound_from(json[0], dims);
        const auto high = bound_from(json[1], dims);
        if (low && high) return matrix::ValueRange{*low, *high};
    }
    mistake.note(
        fmt::format("the values of leaf \"{}\" are {}, which is neither \"ones\", "
                    "\"zeros\" nor two numbers",
                    leaf.name, json.dump()));
    return matrix::Fill::anything;
}

/// "strided", or {"transposed": [1, 2]}.
matrix::Layout layout_from(const Json& json, const Leaf& leaf, Mistake& mistake) {
    matrix::Layout layout;
    const auto& names = matrix::layout_names();
    const bool with_dims = json.is_object() && json.size() == 1 && json.begin()->is_array();
    const std::string name = with_dims          ? json.begin().key()
                             : json.is_string() ? json.get<std::string>()
                                                : "";
    const auto found = std::find(names.begin(), names.end(), name);
    std::optional<std::string> why =
        found == names.end() ? std::optional("no such name") : std::nullopt;
    if (!why) {
        layout.kind = static_cast<matrix::LayoutKind>(found - names.begin());
        if (with_dims) {
            for (const Json& dim : *json.begin())
                layout.dims.push_back(dim.is_number_integer() ? dim.get<std::int64_t>() : -1);
        }
        why = matrix::layout_mistake(layout, leaf.shape.size());
    }
    if (!why) return layout;
    mistake.note(fmt::format("the layout of leaf \"{}\" is {}: {}", leaf.name, json.dump(), *why));
    return {};
}

/// Nothing where the leaf is a tensor.
std::optional<matrix::Constant> constant_of(Object& leaf, const std::vector<matrix::Dim>& dims,
                                            const Leaf& read, Mistake& mistake) {
    if (leaf.has("none")) {
        if (!leaf.boolean("none"))
            mistake.note(fmt::format("leaf \"{}\" says that it is not None", read.name));
        return nullptr;
    }
    if (leaf.has("value")) return constant_from(leaf.value("value"), dims, read, mistake);
    if (leaf.has("string")) return matrix::Text{leaf.string("string")};
    if (leaf.has("type")) return matrix::AnyOf{leaf.string("type")};
    return std::nullopt;
}

void read_tensor(Object& leaf, const std::vector<matrix::Dim>& dims, Leaf& read, Mistake& mistake) {
    read.dtype = leaf.string("dtype");
    for (Json& extent : leaf.array("shape")) {
        if (extent.is_number_integer()) {
            read.shape.emplace_back(extent.get<std::int64_t>());
        } else if (auto expression = expression_from(extent, dims)) {
            read.shape.emplace_back(*std::move(expression));
        } else {
            mistake.note(
                fmt::format("the shape of leaf \"{}\" holds {}, which is neither a number nor "
                            "a declared dim",
                            read.name, extent.dump()));
        }
    }
    if (leaf.has("values")) read.values = values_from(leaf.value("values"), dims, read, mistake);
    if (leaf.has("layout")) read.layout = layout_from(leaf.value("layout"), read, mistake);
    if (leaf.has("same_as")) read.same_as = leaf.string("same_as");
}

Ordered json_of(const matrix::Constant& constant) {
    if (std::holds_alternative<std::nullptr_t>(constant)) return {{"none", true}};
    if (const auto* text = std::get_if<matrix::Text>(&constant)) return {{"string", text->text}};
    if (const auto* any = std::get_if<matrix::AnyOf>(&constant)) return {{"type", any->type}};
    if (const auto* extent = std::get_if<matrix::ExtentValue>(&constant))
        return {{"value", {{"dim", extent->expression}}}};
    if (const auto* truth = std::get_if<bool>(&constant)) return {{"value", *truth}};
    if (const auto* whole = std::get_if<std::int64_t>(&constant)) return {{"value", *whole}};
    return {{"value", std::get<double>(constant)}};
}

Ordered json_of(const matrix::Values& values) {
    if (const auto* range = std::get_if<matrix::ValueRange>(&values)) {
        Ordered bounds = Ordered::array();
        for (const matrix::Bound& bound : *range)
            std::visit([&](const auto& value) { bounds.push_back(value); }, bound);
        return bounds;
    }
    return std::get<matrix::Fill>(values) == matrix::Fill::ones ? "ones" : "zeros";
}

Ordered json_of(const matrix::Layout& layout) {
    const std::string& name = matrix::layout_names().at(static_cast<std::size_t>(layout.kind));
    if (layout.dims.empty()) return name;
    Ordered json;
    json[name] = layout.dims;
    return json;
}

}  // namespace

bool all_declared(const std::vector<std::string>& names, const std::vector<matrix::Dim>& dims) {
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        return std::any_of(dims.begin(), dims.end(),
                           [&](const matrix::Dim& dim) { return dim.name == name; });
    });
}

std::vector<Leaf> leaves_from(Object& object, const char* key, const std::vector<matrix::Dim>& dims,
                              Mistake& mistake) {
    std::vector<Leaf> leaves;
    for (Json& element : object.array(key)) {
        Object leaf(element, "a leaf", mistake);
        Leaf read{.name = leaf.string("name"), .shape = {}};
        read.constant = constant_of(leaf, dims, read, mistake);
        if (read.constant) {
            if (leaf.has("dynamic")) read.is_dynamic = leaf.boolean("dynamic");
        } else {
            read_tensor(leaf, dims, read, mistake);
        }
        leaf.finish();
        leaves.push_back(std::move(read));
    }
    return leaves;
}

Ordered leaves_json(const std::vector<Leaf>& leaves) {
    Ordered array = Ordered::array();
    for (const Leaf& leaf : leaves) {
        Ordered json{{"name", leaf.name}};
        if (leaf.constant) {
            json.update(json_of(*leaf.constant));
            if (leaf.is_dynamic) json["dynamic"] = true;
            array.push_back(std::move(json));
            continue;
        }
        Ordered shape = Ordered::array();
        for (const matrix::Extent& extent : leaf.shape) {
            std::visit([&](const auto& value) { shape.push_back(value); }, extent);
        }
        json["shape"] = std::move(shape);
        json["dtype"] = leaf.dtype;
        if (leaf.values != matrix::Values(matrix::Fill::anything))
            json["values"] = json_of(leaf.values);
        if (leaf.layout != matrix::Layout()) json["layout"] = json_of(leaf.layout);
        if (!leaf.same_as.empty()) json["same_as"] = leaf.same_as;
        array.push_back(std::move(json));
    }
    return array;
}

}  // namespace exportgate::record
