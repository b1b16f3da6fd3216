#include "matrix/case.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
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

std::optional<Sum> sum_of(const std::string& extent) {
    const std::size_t blank = extent.find(' ');
    const std::string rest = blank == std::string::npos ? "" : extent.substr(blank);
    if (!rest.starts_with(" + ") && !rest.starts_with(" - ")) return std::nullopt;
    Sum sum{.dim = extent.substr(0, blank)};
    const char* end = rest.data() + rest.size();
    const auto [read_to, error] = std::from_chars(rest.data() + 3, end, sum.added);
    if (error != std::errc{} || read_to != end || sum.added <= 0) return std::nullopt;
    if (rest[1] == '-') sum.added = -sum.added;
    return sum;
}

std::vector<std::int64_t> shape_at(const Leaf& leaf, const Pair& pair) {
    const auto extent_at = [&](const Extent& extent) {
        const auto* name = std::get_if<std::string>(&extent);
        if (name == nullptr) return std::get<std::int64_t>(extent);
        const auto sum = sum_of(*name);
        return sum ? pair.extents.at(sum->dim) + sum->added : pair.extents.at(*name);
    };
    std::vector<std::int64_t> shape;
    shape.reserve(leaf.shape.size());
    for (const Extent& extent : leaf.shape)
        shape.push_back(extent_at(extent));
    return shape;
}

}  // namespace exportgate::matrix
