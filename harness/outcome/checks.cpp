#include "outcome/checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "outcome/message.h"

namespace exportgate::outcome {
namespace {

std::vector<std::string> canonical_lines(const std::vector<std::string>& lines,
                                         const std::set<std::string>& kept) {
    std::vector<std::string> canonical;
    for (const std::string& line : lines)
        canonical.push_back(canonical_reason(line, kept));
    std::sort(canonical.begin(), canonical.end());
    return canonical;
}

CheckResult canonical_check(const record::CheckObservation& seen,
                            const std::set<std::string>& kept) {
    CheckResult result{seen.name, seen.status, canonical_lines(seen.reasons, kept),
                       canonical_lines(seen.notes, kept), seen.revision};
    if (result.reasons.empty() && seen.status == CheckStatus::fail)
        result.reasons.emplace_back("no reason given");
    return result;
}

}  // namespace

Result<std::vector<CheckResult>> all_checks(CheckResult dims,
                                            const std::vector<record::CheckObservation>& reported,
                                            const record::Revisions& carried_out,
                                            const std::set<std::string>& kept_names) {
    for (const record::CheckObservation& seen : reported) {
        const auto announced = carried_out.find(seen.name);
        if (announced != carried_out.end() && announced->second == seen.revision) continue;
        return tl::unexpected(
            Error{.what = fmt::format("check \"{}\", revision {}, was not announced", seen.name,
                                      seen.revision),
                  .remedy = "the worker contradicts itself: `exportgate env update NAME`, or "
                            "ci/conform, and run again"});
    }
    std::vector<CheckResult> results{std::move(dims)};
    for (const record::Check& check : record::check_table) {
        const auto announced = carried_out.find(std::string(check.name));
        if (announced == carried_out.end()) continue;
        const auto seen = std::find_if(reported.begin(), reported.end(),
                                       [&](const auto& one) { return one.name == check.name; });
        results.push_back(seen == reported.end() ? CheckResult{std::string(check.name),
                                                               CheckStatus::fail,
                                                               {"not reported"},
                                                               {},
                                                               announced->second}
                                                 : canonical_check(*seen, kept_names));
    }
    return results;
}

record::Revisions asked_for(record::Revisions announced, const matrix::Case& asked) {
    if (!asked.steps) announced.erase("steps");
    return announced;
}

record::Revisions of_consumers_asked_for(record::Revisions announced,
                                         const matrix::Case& recorded) {
    std::erase_if(announced, [&](const auto& check) {
        const auto& asked = recorded.consumers;
        return record::is_consumer(check.first) &&
               std::find(asked.begin(), asked.end(), check.first) == asked.end();
    });
    return announced;
}

}  // namespace exportgate::outcome
