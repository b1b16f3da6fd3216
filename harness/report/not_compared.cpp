#include "report/not_compared.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/text.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

std::string why(const verdict::NotCompared& check) {
    if (check.before == 0) return "not carried out before";
    if (check.after == 0) return "not carried out now";
    return fmt::format("revision {} before, {} now", check.before, check.after);
}

}  // namespace

std::string not_compared(std::span<const verdict::Judgement> judgements) {
    std::map<verdict::NotCompared, std::size_t> counts;
    for (const auto& judgement : judgements) {
        for (const auto& check : judgement.not_compared)
            ++counts[check];
    }
    std::map<std::string, std::vector<std::string>> checks;  // by where, and why
    for (const auto& [check, count] : counts)
        checks[fmt::format("in {} ({})", counted(count, "cell"), why(check))].push_back(
            check.check);
    std::vector<std::string> parts;
    for (const auto& [where, names] : checks)
        parts.push_back((names.size() == 1 ? "check " : "checks ") + join(names, ", ") + " " +
                        where);
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
