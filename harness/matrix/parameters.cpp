#include "matrix/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "matrix/names.h"

namespace exportgate::matrix {
namespace {

/// What stands in the brackets at the end of `name`; nothing where there are none.
std::optional<std::string_view> brackets_of(std::string_view name) {
    const auto begin = name.find('[');
    if (begin == std::string_view::npos || !name.ends_with(']')) return std::nullopt;
    return name.substr(begin + 1, name.size() - begin - 2);
}

std::optional<SpeltParameters> parse_list(std::string_view text) {
    SpeltParameters parameters;
    for (const std::string_view part : split(text, ',')) {
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        const std::string_view name = part.substr(0, equals);
        const std::string_view value = part.substr(equals + 1);
        if (!is_identifier(name) || !usable_as_parameter(value)) return std::nullopt;
        parameters.emplace_back(name, value);
    }
    return parameters;
}

}  // namespace

std::string to_string(const ParameterValue& value) {
    struct Spelling {
        std::string operator()(const std::string& text) const {
            return text;
        }
        std::string operator()(bool truth) const {
            return truth ? "true" : "false";
        }
        std::string operator()(std::int64_t number) const {
            return std::to_string(number);
        }
        std::string operator()(double number) const {
            std::string text = fmt::format("{}", number);
            const bool is_whole = text.find_first_not_of("-0123456789") == std::string::npos;
            return is_whole ? text + ".0" : text;
        }
    };
    return std::visit(Spelling(), value);
}

std::string in_brackets(std::span<const Parameter> parameters) {
    if (parameters.empty()) return "";
    std::vector<std::string> parts;
    for (const Parameter& each : parameters)
        parts.push_back(each.name + "=" + to_string(each.value));
    return "[" + join(parts, ",") + "]";
}

CaseName parse_case_name(std::string_view name) {
    const auto brackets = brackets_of(name);
    auto parameters = brackets ? parse_list(*brackets) : std::nullopt;
    if (!parameters) return {std::string(name), {}};
    return {std::string(name.substr(0, name.find('['))), std::move(*parameters)};
}

std::string folder_of(std::string_view case_name) {
    return std::string(case_name.substr(0, case_name.find('[')));
}

}  // namespace exportgate::matrix
