#include "golden/decision.h"

#include <algorithm>

#include "golden/when.h"

namespace exportgate::golden {

std::vector<const Row*> rules_at(std::span<const Row> rows, const TorchVersion& torch) {
    std::vector<const Row*> candidates;
    for (const auto& row : rows) {
        if (row.since <= torch) candidates.push_back(&row);
    }
    std::stable_sort(candidates.begin(), candidates.end(), [](const Row* a, const Row* b) {
        if (const auto order = a->since <=> b->since; order != 0) return order > 0;
        if (a->when.empty() != b->when.empty()) return b->when.empty();
        return a->when < b->when;
    });
    std::vector<const Row*> rules;
    for (const auto* row : candidates) {
        const bool hidden = std::any_of(rules.begin(), rules.end(),
                                        [&](const Row* rule) { return rule->when == row->when; });
        if (!hidden) rules.push_back(row);
        if (row->when.empty()) break;
    }
    return rules;
}

Result<const Row*> applicable(std::span<const Row> rows, const TorchVersion& torch,
                              const record::Environment& environment) {
    const Row* found = nullptr;
    for (const auto* rule : rules_at(rows, torch)) {
        if (found && (rule->since != found->since || rule->when.empty())) break;
        const auto holds_here = holds(rule->when, environment);
        if (!holds_here) return tl::unexpected(holds_here.error());
        if (!*holds_here) continue;
        if (found) {
            return tl::unexpected(Error{"", 0,
                                        "two rows of " + rule->cell + " since " +
                                            rule->since.text() + " hold: when " + found->when +
                                            " and when " + rule->when,
                                        ""});
        }
        found = rule;
    }
    return found;
}

bool keeps(std::span<const Row* const> before, std::span<const Row* const> after) {
    if (after.size() < before.size()) return false;
    for (std::size_t i = 0; i < before.size(); ++i) {
        const auto& a = *before[i];
        const auto& b = *after[i];
        if (a.when != b.when || a.outcome != b.outcome) return false;
        // Conditions of one `since` exclude each other, those of two releases are tried in turn:
        // which of the two it is must stay as it was. The row without `when` is last either way.
        if (i == 0 || a.when.empty()) continue;
        if ((before[i - 1]->since == a.since) != (after[i - 1]->since == b.since)) return false;
    }
    return true;
}

}  // namespace exportgate::golden
