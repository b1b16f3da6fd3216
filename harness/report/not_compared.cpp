#include "report/not_compared.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/text.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

bool is_fact(std::string_view name) {
    return name.starts_with("facts");
}

/// "checks run and traits", "facts of the program (guards)".
std::string named(const std::vector<std::string>& names) {
    if (!is_fact(names.front()))
        return (names.size() == 1 ? "check " : "checks ") + join(names, ", ");
    std::vector<std::string> sections;
    for (const auto& name : names) {
        if (const auto dot = name.find('.'); dot != std::string::npos)
            sections.push_back(name.substr(dot + 1));
    }
    return "facts of the program" + (sections.empty() ? "" : " (" + join(sections, ", ") + ")");
}

std::string why(const verdict::NotCompared& check) {
    const std::string_view what = is_fact(check.check) ? "observed" : "carried out";
    if (check.before == 0) return fmt::format("not {} before", what);
    if (check.after == 0) return fmt::format("not {} now", what);
    return fmt::format("revision {} before, {} now", check.before, check.after);
}

}  // namespace

std::string not_compared(std::span<const verdict::Judgement> judgements) {
    std::map<verdict::NotCompared, std::size_t> counts;
    for (const auto& judgement : judgements) {
        for (const auto& check : judgement.not_compared)
            ++counts[check];
    }
    // By where, and why; facts of the program apart from checks.
    std::map<std::pair<std::string, bool>, std::vector<std::string>> checks;
    for (const auto& [check, count] : counts)
        checks[{fmt::format("in {} ({})", counted(count, "cell"), why(check)),
                is_fact(check.check)}]
            .push_back(check.check);
    std::vector<std::string> parts;
    for (const auto& [place, names] : checks)
        parts.push_back(named(names) + " " + place.first);
    return parts.empty() ? "" : "Not compared: " + join(parts, "; ");
}

std::string not_compared_with_goldens(std::span<const verdict::Judgement> judgements) {
    const std::string line = not_compared(judgements);
    const bool is_news = std::any_of(judgements.begin(), judgements.end(), [](const auto& each) {
        return each.verdict == verdict::Verdict::as_expected && !verdict::is_settled(each);
    });
    return line + (is_news ? "; `exportgate accept` records what came" : "");
}

}  // namespace exportgate::report
