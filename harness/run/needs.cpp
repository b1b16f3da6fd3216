#include "run/needs.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace exportgate::run {

std::vector<std::string> preloaded(std::span<const matrix::Case> cases,
                                   const std::set<std::string>& case_names) {
    std::optional<std::vector<std::string>> common;
    for (const matrix::Case& case_ : cases) {
        if (!case_names.contains(case_.name)) continue;
        if (!common) {
            common = case_.preload;
            continue;
        }
        std::erase_if(*common, [&](const std::string& module) {
            return std::find(case_.preload.begin(), case_.preload.end(), module) ==
                   case_.preload.end();
        });
    }
    return common.value_or(std::vector<std::string>{});
}

std::string what_is_missing(const matrix::Case& case_, const record::Environment& environment) {
    std::vector<std::string> reasons;
    std::string with;
    for (const Requirement& requirement : case_.requirements) {
        with += fmt::format(" --with '{}'", requirement.text);
        if (auto reason = unmet(requirement, environment.packages))
            reasons.push_back(std::move(*reason));
    }
    if (reasons.empty()) return "";
    return fmt::format(
        "this environment lacks what the case requires: {}; `exportgate env add "
        "NAME{}` makes one that has it",
        join(reasons, "; "), with);
}

}  // namespace exportgate::run
