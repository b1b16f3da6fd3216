#include "matrix/name_pattern.h"

#include <algorithm>

#include "base/text.h"
#include "matrix/names.h"

namespace exportgate::matrix {
namespace {

bool are_conditions(std::string_view in_brackets) {
    const std::string_view first = split(in_brackets, ',').front();
    const auto equals = first.find('=');
    return first == "*" ||
           (equals != std::string_view::npos && is_identifier(first.substr(0, equals)));
}

/// A part without "=" asks for a parameter of that name; a star asks for nothing.
SpeltParameters conditions_in(std::string_view in_brackets) {
    SpeltParameters conditions;
    for (const std::string_view part : split(in_brackets, ',')) {
        const auto equals = part.find('=');
        if (part == "*") continue;
        if (equals == std::string_view::npos) {
            conditions.emplace_back(part, "*");
        } else {
            conditions.emplace_back(part.substr(0, equals), part.substr(equals + 1));
        }
    }
    return conditions;
}

}  // namespace

std::string NamePattern::text() const {
    if (conditions.empty()) return glob;
    std::vector<std::string> parts;
    for (const auto& [name, value] : conditions)
        parts.push_back(name + "=" + value);
    const auto slash = std::min(glob.find('/'), glob.size());
    return glob.substr(0, slash) + "[" + join(parts, ",") + "]" + glob.substr(slash);
}

NamePattern parse_pattern(const std::string& pattern) {
    for (auto begin = pattern.find('['); begin != std::string::npos;
         begin = pattern.find('[', begin + 1)) {
        const auto end = pattern.find(']', begin);
        if (end == std::string::npos) break;
        const std::string inside = pattern.substr(begin + 1, end - begin - 1);
        if (!are_conditions(inside)) continue;
        return {pattern.substr(0, begin) + pattern.substr(end + 1), conditions_in(inside), true};
    }
    return {pattern, {}, false};
}

bool holds(const SpeltParameters& conditions, const SpeltParameters& parameters) {
    return std::all_of(conditions.begin(), conditions.end(), [&](const auto& condition) {
        return std::any_of(parameters.begin(), parameters.end(), [&](const auto& parameter) {
            return parameter.first == condition.first &&
                   glob_matches(condition.second, parameter.second);
        });
    });
}

bool name_matches(const std::string& pattern, std::string_view name) {
    const auto slash = std::min(name.find('/'), name.size());
    const CaseName of_case = parse_case_name(name.substr(0, slash));
    const NamePattern asked = parse_pattern(pattern);
    if (!asked.has_brackets && glob_matches(pattern, std::string(name))) return true;
    return holds(asked.conditions, of_case.parameters) &&
           glob_matches(asked.glob, of_case.folder + std::string(name.substr(slash)));
}

}  // namespace exportgate::matrix
