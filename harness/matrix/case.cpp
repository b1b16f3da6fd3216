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
        return std::tie(c.name, c.first_torch, c.class_name, c.model_name, c.kinds, c.modes,
                        c.dims_styles, c.inputs, c.outputs, c.dims, c.pairs, c.mutates,
                        c.export_pairs, c.tolerance, c.seed);
    };
    return asked(*this) == asked(other);
}

bool is_exported_at(const Case& one, const Pair& pair) {
    return one.export_pairs.empty() || std::find(one.export_pairs.begin(), one.export_pairs.end(),
                                                 pair.name) != one.export_pairs.end();
}

std::string to_string(const Constant& constant) {
    if (std::holds_alternative<std::nullptr_t>(constant)) return "None";
    if (const auto* truth = std::get_if<bool>(&constant)) return *truth ? "True" : "False";
    if (const auto* number = std::get_if<std::int64_t>(&constant)) return std::to_string(*number);
    if (const auto* number = std::get_if<double>(&constant)) return fmt::format("{}", *number);
    return std::get<std::string>(constant);
}

std::vector<std::int64_t> shape_at(const Leaf& leaf, const Pair& pair) {
    std::vector<std::int64_t> shape;
    shape.reserve(leaf.shape.size());
    for (const Extent& extent : leaf.shape) {
        const auto* dim = std::get_if<std::string>(&extent);
        shape.push_back(dim != nullptr ? pair.extents.at(*dim) : std::get<std::int64_t>(extent));
    }
    return shape;
}

}  // namespace exportgate::matrix
