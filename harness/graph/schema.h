// The schema of an operator, as torch prints it: "aten::add.Tensor(Tensor self, Tensor other, *,
// Scalar alpha=1) -> Tensor".
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace exportgate::graph {

struct Schema {
    struct Argument {
        std::string_view name;
        std::string_view type;           // "Tensor(a!)", "SymInt[2]", "float?"
        std::string_view default_value;  // "1", "[0, 0]", "None"; empty where there is none
        bool keyword_only = false;
        bool is_written = false;  // Tensor(a!)
        bool is_aliased = false;  // Tensor(a): a result can share its memory
    };

    std::vector<Argument> arguments;
    bool returns_nothing = false;
    bool returns_an_alias = false;

    /// The number of arguments where there is none of this name.
    std::size_t find(std::string_view argument) const;
};

/// Views into `text`; nothing where it is no schema.
std::optional<Schema> parse_schema(std::string_view text);

}  // namespace exportgate::graph
