#include "graph/schema.h"

#include <algorithm>

namespace exportgate::graph {
namespace {

/// The place of the first `wanted` outside of brackets and quotes; npos where there is none.
std::size_t find_outside(std::string_view text, char wanted) {
    int depth = 0;
    char quote = '\0';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != '\0') {
            if (c == '\\') ++i;
            if (c == quote) quote = '\0';
            continue;
        }
        if (depth == 0 && c == wanted) return i;
        if (c == '"' || c == '\'') quote = c;
        if (c == '(' || c == '[') ++depth;
        if (c == ')' || c == ']') --depth;
    }
    return std::string_view::npos;
}

std::string_view stripped(std::string_view text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

std::optional<Schema::Argument> parse_argument(std::string_view text) {
    Schema::Argument argument;
    const std::size_t equals = find_outside(text, '=');
    const std::string_view declared = stripped(text.substr(0, equals));
    if (equals != std::string_view::npos) {
        argument.default_value = stripped(text.substr(equals + 1));
        if (argument.default_value.empty()) return std::nullopt;
    }
    const std::size_t space = declared.rfind(' ');
    if (space == std::string_view::npos) return std::nullopt;
    argument.name = declared.substr(space + 1);
    argument.type = stripped(declared.substr(0, space));
    argument.is_written = argument.type.find('!') != std::string_view::npos;
    argument.is_aliased = argument.type.find('(') != std::string_view::npos;
    if (argument.name.empty() || argument.type.empty()) return std::nullopt;
    return argument;
}

}  // namespace

std::size_t Schema::find(std::string_view argument) const {
    const auto found = std::ranges::find(arguments, argument, &Argument::name);
    return static_cast<std::size_t>(found - arguments.begin());
}

std::optional<Schema> parse_schema(std::string_view text) {
    const std::size_t opening = text.find('(');
    if (opening == std::string_view::npos) return std::nullopt;
    std::string_view rest = text.substr(opening + 1);
    const std::size_t closing = find_outside(rest, ')');
    if (closing == std::string_view::npos) return std::nullopt;
    const std::string_view results = stripped(rest.substr(closing + 1));
    if (!results.starts_with("->")) return std::nullopt;
    Schema schema;
    schema.returns_nothing = stripped(results.substr(2)) == "()";
    schema.returns_an_alias = results.find("Tensor(") != std::string_view::npos;
    rest = stripped(rest.substr(0, closing));
    bool keyword_only = false;
    while (!rest.empty()) {
        const std::size_t comma = std::min(find_outside(rest, ','), rest.size());
        const std::string_view part = stripped(rest.substr(0, comma));
        rest.remove_prefix(std::min(rest.size(), comma + 1));
        if (part == "*") {
            keyword_only = true;
            continue;
        }
        auto argument = parse_argument(part);
        if (!argument) return std::nullopt;
        argument->keyword_only = keyword_only;
        schema.arguments.push_back(*argument);
    }
    return schema;
}

}  // namespace exportgate::graph
