#include "matrix/leaf.h"

#include <fmt/format.h>

#include <algorithm>

namespace exportgate::matrix {

const std::vector<std::string>& layout_names() {
    static const std::vector<std::string> names{"contiguous", "transposed",    "strided",
                                                "expanded",   "channels_last", "channels_last_3d"};
    return names;
}

std::optional<std::string> layout_mistake(const Layout& layout, std::size_t rank) {
    const auto is_dim = [&](std::int64_t dim) {
        return dim >= 0 && dim < static_cast<std::int64_t>(rank);
    };
    for (std::size_t i = 0; i < layout.dims.size(); ++i) {
        const std::int64_t dim = layout.dims[i];
        if (!is_dim(dim)) return fmt::format("dim {} is not one of its {} dims", dim, rank);
        if (std::find(layout.dims.begin(), layout.dims.begin() + static_cast<long>(i), dim) !=
            layout.dims.begin() + static_cast<long>(i))
            return fmt::format("dim {} is named twice", dim);
    }
    switch (layout.kind) {
        case LayoutKind::contiguous:
            return std::nullopt;
        case LayoutKind::transposed:
            if (layout.dims.size() != 2) return "transposed names two dims";
            return std::nullopt;
        case LayoutKind::expanded:
            if (layout.dims.empty()) return "expanded names the dims that are expanded";
            return std::nullopt;
        case LayoutKind::strided:
            if (rank == 0) return "a tensor without dims has no strides";
            return std::nullopt;
        case LayoutKind::channels_last:
            if (rank != 4) return fmt::format("channels_last is of 4 dims, it has {}", rank);
            return std::nullopt;
        case LayoutKind::channels_last_3d:
            if (rank != 5) return fmt::format("channels_last_3d is of 5 dims, it has {}", rank);
            return std::nullopt;
    }
    return std::nullopt;
}

std::string to_string(const Constant& constant) {
    if (std::holds_alternative<std::nullptr_t>(constant)) return "None";
    if (const auto* truth = std::get_if<bool>(&constant)) return *truth ? "True" : "False";
    if (const auto* number = std::get_if<std::int64_t>(&constant)) return std::to_string(*number);
    if (const auto* number = std::get_if<double>(&constant)) return fmt::format("{}", *number);
    if (const auto* text = std::get_if<Text>(&constant)) return fmt::format("'{}'", text->text);
    if (const auto* any = std::get_if<AnyOf>(&constant)) return fmt::format("any {}", any->type);
    return std::get<ExtentValue>(constant).expression;
}

}  // namespace exportgate::matrix
