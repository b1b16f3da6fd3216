#include "record/leaf_json.h"

#include <algorithm>
#include <optional>

namespace exportgate::record {
namespace {

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
                               const Leaf& leaf, Reader& reader) {
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number_integer()) return json.get<std::int64_t>();
    if (json.is_number()) return json.get<double>();
    const auto expression = json.is_object() && json.size() == 1 && json.contains("dim")
                                ? expression_from(json.at("dim"), dims)
                                : std::nullopt;
    if (expression) return matrix::ExtentValue{*expression};
    reader.note("the value of leaf \"{}\" is {}, which is neither a number nor a declared dim",
                leaf.name, json.dump());
    return nullptr;
}

std::optional<matrix::Bound> bound_from(const Json& json, const std::vector<matrix::Dim>& dims) {
    if (json.is_number()) return json.get<double>();
    if (auto expression = expression_from(json, dims)) return *std::move(expression);
    return std::nullopt;
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

}  // namespace

bool all_declared(const std::vector<std::string>& names, const std::vector<matrix::Dim>& dims) {
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        return std::any_of(dims.begin(), dims.end(),
                           [&](const matrix::Dim& dim) { return dim.name == name; });
    });
}

void LeafPart::read(Reader& reader, std::optional<matrix::Constant>& constant) const {
    if (reader.has("none")) {
        constant = nullptr;
        if (!reader.get<bool>("none"))
            reader.note("leaf \"{}\" says that it is not None", leaf.name);
    } else if (reader.has("value")) {
        constant = constant_from(reader.value("value"), dims, leaf, reader);
    } else if (reader.has("string")) {
        constant = matrix::Text{reader.string("string")};
    } else if (reader.has("type")) {
        constant = matrix::AnyOf{reader.string("type")};
    }
}

void LeafPart::write(Ordered& json, const std::optional<matrix::Constant>& constant) {
    if (constant) json.update(json_of(*constant));
}

void LeafPart::read(Reader& reader, const char* key, std::vector<matrix::Extent>& shape) const {
    for (const Json& extent : reader.array(key)) {
        if (extent.is_number_integer()) {
            shape.emplace_back(extent.get<std::int64_t>());
        } else if (auto expression = expression_from(extent, dims)) {
            shape.emplace_back(*std::move(expression));
        } else {
            reader.note(
                "the shape of leaf \"{}\" holds {}, which is neither a number nor a declared dim",
                leaf.name, extent.dump());
        }
    }
}

Ordered LeafPart::write(const std::vector<matrix::Extent>& shape) {
    Ordered json = Ordered::array();
    for (const matrix::Extent& extent : shape)
        std::visit([&](const auto& value) { json.push_back(value); }, extent);
    return json;
}

void LeafPart::read(Reader& reader, const char* key, matrix::Values& values) const {
    const Json& json = reader.value(key);
    if (json == "ones") return void(values = matrix::Fill::ones);
    if (json == "zeros") return void(values = matrix::Fill::zeros);
    if (json.is_array() && json.size() == 2) {
        const auto low = bound_from(json[0], dims);
        const auto high = bound_from(json[1], dims);
        if (low && high) return void(values = matrix::ValueRange{*low, *high});
    }
    reader.note(
        "the values of leaf \"{}\" are {}, which is neither \"ones\", \"zeros\" nor two numbers",
        leaf.name, json.dump());
}

Ordered LeafPart::write(const matrix::Values& values) {
    if (const auto* range = std::get_if<matrix::ValueRange>(&values)) {
        Ordered bounds = Ordered::array();
        for (const matrix::Bound& bound : *range)
            std::visit([&](const auto& value) { bounds.push_back(value); }, bound);
        return bounds;
    }
    return std::get<matrix::Fill>(values) == matrix::Fill::ones ? "ones" : "zeros";
}

/// "strided", or {"transposed": [1, 2]}.
void LeafPart::read(Reader& reader, const char* key, matrix::Layout& layout) const {
    const Json& json = reader.value(key);
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
    if (why) {
        reader.note("the layout of leaf \"{}\" is {}: {}", leaf.name, json.dump(), *why);
    }
}

Ordered LeafPart::write(const matrix::Layout& layout) {
    const std::string& name = matrix::layout_names().at(static_cast<std::size_t>(layout.kind));
    if (layout.dims.empty()) return name;
    Ordered json;
    json[name] = layout.dims;
    return json;
}

}  // namespace exportgate::record
