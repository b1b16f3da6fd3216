#include "outcome/usable.h"

#include <algorithm>

namespace exportgate::outcome {
namespace {

/// What the check `run` says of one pair (exportgate_worker/agreement.py).
struct AtPair {
    bool raises = false;   // at least once
    bool returns = false;  // and was compared, or should have refused
};

AtPair at_pair(const std::vector<std::string>& reasons, const std::string& pair) {
    const std::string place = "pair " + pair + ": ";
    AtPair found;
    for (const std::string& reason : reasons) {
        if (!reason.starts_with(place)) continue;
        const std::string_view what = std::string_view(reason).substr(place.size());
        if (what.starts_with("raises ") || what.starts_with("not refused, but raises ")) {
            found.raises = true;
        } else if (!what.starts_with("refused")) {
            found.returns = true;
        }
    }
    return found;
}

bool is_refused(const std::vector<std::string>& reasons, const std::string& pair) {
    const std::string refused = "pair " + pair + ": refused";
    return std::any_of(reasons.begin(), reasons.end(),
                       [&](const std::string& reason) { return reason.starts_with(refused); });
}

}  // namespace

bool always_raises(const Outcome& outcome, const matrix::Case& asked, const matrix::Cell& cell) {
    if (outcome.status != Status::exported) return false;
    const auto run = std::find_if(outcome.checks.begin(), outcome.checks.end(),
                                  [](const CheckResult& check) { return check.name == "run"; });
    if (run == outcome.checks.end() || run->status != CheckStatus::fail) return false;
    if (!at_pair(run->reasons, cell.pair).raises) return false;
    return std::all_of(asked.pairs.begin(), asked.pairs.end(), [&](const matrix::Pair& pair) {
        const AtPair there = at_pair(run->reasons, pair.name);
        if (there.returns) return false;
        // A static program that refuses the other pairs is right there, and nothing is said of it.
        return there.raises || is_refused(run->reasons, pair.name) ||
               cell.dims == matrix::DimsStyle::fixed;
    });
}

bool fails_by_declaration(const CheckResult& check) {
    if (check.name != "dims" || check.status != CheckStatus::fail) return false;
    return std::all_of(check.reasons.begin(), check.reasons.end(), [](const std::string& reason) {
        return reason.find(": declared ") != std::string::npos;
    });
}

}  // namespace exportgate::outcome
