#include "outcome/checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "outcome/message.h"
#include "record/check_names.h"

namespace exportgate::outcome {
namespace {

using record::reported_checks;

CheckResult canonical_check(const record::CheckObservation& seen,
                            const std::set<std::string>& kept) {
    CheckResult result{seen.name, seen.status, {}};
    for (const std::string& reason : seen.reasons)
        result.reasons.push_back(canonical_reason(reason, kept));
    if (result.reasons.empty() && seen.status == CheckStatus::fail)
        result.reasons.emplace_back("no reason given");
    std::sort(result.reasons.begin(), result.reasons.end());
    return result;
}

}  // namespace

Result<std::vector<CheckResult>> all_checks(CheckResult dims,
                                            const std::vector<record::CheckObservation>& reported,
                                            const std::set<std::string>& kept_names) {
    for (const record::CheckObservation& seen : reported) {
        if (std::find(reported_checks.begin(), reported_checks.end(), seen.name) ==
            reported_checks.end()) {
            return tl::unexpected(Error{.what = fmt::format("check \"{}\" is not known", seen.name),
                                        .remedy = "the worker and this exportgate are of different "
                                                  "versions: `exportgate env update "
                                                  "NAME`, or ci/conform, and run again"});
        }
    }
    std::vector<CheckResult> results{std::move(dims)};
    for (const std::string_view name : reported_checks) {
        const auto seen =
            std::find_if(reported.begin(), reported.end(),
                         [&](const record::CheckObservation& one) { return one.name == name; });
        results.push_back(seen == reported.end()
                              ? CheckResult{std::string(name), CheckStatus::fail, {"not reported"}}
                              : canonical_check(*seen, kept_names));
    }
    return results;
}

}  // namespace exportgate::outcome
