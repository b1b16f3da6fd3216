#include "matrix/case.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace exportgate::matrix {

const std::vector<std::string>& kind_names() {
    static const std::vector<std::string> names{"plain", "module", "rebased", "native", "as_is"};
    return names;
}

const std::vector<std::string>& mode_names() {
    static const std::vector<std::string> names{"strict", "nonstrict"};
    return names;
}

const std::vector<std::string>& dims_style_names() {
    static const std::vector<std::string> names{"named", "auto", "dynamic", "static"};
    return names;
}

const std::vector<std::string>& export_option_names() {
    // As torch.export.export() of 2.5 to 2.15 and its predecessors spell them.
    static const std::vector<std::string> names{"prefer_deferred_runtime_asserts_over_guards",
                                                "preserve_module_call_signature",
                                                "allow_complex_guards_as_runtime_asserts"};
    return names;
}

const std::vector<std::string>& round_names() {
    static const std::vector<std::string> names{"row",     "extents",   "layout", "distinct",
                                                "weights", "constants", "edges",  "grad"};
    return names;
}

const std::vector<std::string>& stages_before_export() {
    static const std::vector<std::string> names{"import", "construct", "register", "eager"};
    return names;
}

const std::vector<std::string>& consumer_names() {
    static const std::vector<std::string> names{"aoti", "onnx", "consumer"};
    return names;
}

std::vector<std::string> all_consumers(const std::vector<std::string>& names,
                                       const std::vector<std::string>& others) {
    std::vector<std::string> all;
    for (const std::string& name : consumer_names()) {
        const bool is_there = std::find(names.begin(), names.end(), name) != names.end() ||
                              std::find(others.begin(), others.end(), name) != others.end();
        if (is_there) all.push_back(name);
    }
    return all;
}

const std::string& to_string(Kind kind) {
    return kind_names().at(static_cast<std::size_t>(kind));
}

const std::string& to_string(Mode mode) {
    return mode_names().at(static_cast<std::size_t>(mode));
}

const std::string& to_string(DimsStyle style) {
    return dims_style_names().at(static_cast<std::size_t>(style));
}

bool Case::asks_the_same(const Case& other) const {
    const auto asked = [](const Case& c) {
        return std::tie(c.name, c.parameters, c.first_torch, c.class_name, c.model_name, c.kinds,
                        c.modes, c.dims_styles, c.inputs, c.outputs, c.dims, c.relations, c.pairs,
                        c.mutates, c.export_pairs, c.tolerance, c.seed, c.export_options, c.rounds,
                        c.steps);
    };
    return asked(*this) == asked(other);
}

bool is_exported_at(const Case& one, const Pair& pair) {
    return one.export_pairs.empty() || std::find(one.export_pairs.begin(), one.export_pairs.end(),
                                                 pair.name) != one.export_pairs.end();
}

std::optional<Polynomial> definition_of(const Case& one, const std::string& dim) {
    for (const Relation& relation : one.relations) {
        if (auto definition = relation.definition_of(dim)) return definition;
    }
    return std::nullopt;
}

std::vector<std::int64_t> shape_at(const Leaf& leaf, const Pair& pair) {
    const auto extent_at = [&](const Extent& extent) {
        const auto* name = std::get_if<std::string>(&extent);
        if (name == nullptr) return std::get<std::int64_t>(extent);
        return Polynomial::parse(*name).value().at(pair.extents).value();
    };
    std::vector<std::int64_t> shape;
    shape.reserve(leaf.shape.size());
    for (const Extent& extent : leaf.shape)
        shape.push_back(extent_at(extent));
    return shape;
}

}  // namespace exportgate::matrix
