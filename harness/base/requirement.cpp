#include "base/requirement.h"

#include <algorithm>

namespace exportgate {
namespace {

bool is_separator(char c) {
    return c == '-' || c == '_' || c == '.';
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           is_separator(c);
}

}  // namespace

std::string normalised_name(std::string_view name) {
    std::string result;
    for (const char c : name) {
        if (!is_separator(c)) {
            result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        } else if (!result.ends_with('-')) {
            result += '-';
        }
    }
    return result;
}

Result<Requirement> parse_requirement(std::string_view text) {
    Requirement requirement;
    for (const char c : text) {
        if (c != ' ' && c != '\t') requirement.text += c;
    }
    const std::string& written = requirement.text;
    const auto end = std::find_if_not(written.begin(), written.end(), is_name_character);
    requirement.name.assign(written.begin(), end);
    if (requirement.name.empty() || is_separator(requirement.name.front()) ||
        is_separator(requirement.name.back())) {
        return tl::unexpected(Error{
            "", 0, "\"" + std::string(text) + "\" does not begin with the name of a distribution",
            "write name, operator, version, such as transformers>=5.20,<6"});
    }
    if (end == written.end()) return requirement;
    auto range = TorchRange::parse(std::string_view(written).substr(requirement.name.size()));
    if (!range) {
        return tl::unexpected(
            Error{"", 0, "\"" + std::string(text) + "\": " + range.error().what,
                  "write name, operator, version, such as transformers>=5.20,<6"});
    }
    requirement.range = *std::move(range);
    return requirement;
}

std::optional<std::string> unmet(const Requirement& requirement,
                                 const std::map<std::string, std::string>& installed) {
    const std::string name = normalised_name(requirement.name);
    const auto found = std::find_if(installed.begin(), installed.end(), [&](const auto& package) {
        return normalised_name(package.first) == name;
    });
    if (found == installed.end()) return requirement.text + " is not installed";
    if (!requirement.range) return std::nullopt;
    const auto version = TorchVersion::parse(found->second);
    if (version && requirement.range->holds(*version)) return std::nullopt;
    return requirement.text + " is asked for, " + found->second + " is installed";
}

}  // namespace exportgate
