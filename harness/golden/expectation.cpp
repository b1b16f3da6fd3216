#include <algorithm>

#include "golden/decision.h"
#include "golden/golden.h"
#include "golden/row_order.h"

namespace exportgate::golden {
namespace {

Expectation none(std::string why) {
    return {nullptr, std::move(why)};
}

/// "since 2.9.0 when python>=3.12 (detail): why"
Expectation from(const Row& row, const std::string& detail) {
    std::string text = "since " + row.since.text();
    if (!row.when.empty()) text += " when " + row.when;
    if (!detail.empty()) text += " (" + detail + ")";
    if (!row.why.empty()) text += ": " + row.why;
    return {&row, text};
}

}  // namespace

Expectation expected(const Golden& golden, const matrix::Cell& cell,
                     const record::Environment& environment) {
    const auto torch = TorchVersion::parse(environment.torch);
    if (!torch) return none("the record's torch cannot be read: " + to_string(torch.error()));
    const auto rows = rows_of(golden, cell.name_in_case());
    if (rows.empty()) return none("no outcome was ever accepted for this cell");

    const auto row = applicable(rows, *torch, environment);
    if (!row) return none(to_string(row.error()));
    if (!*row) {
        const bool too_early =
            std::all_of(rows.begin(), rows.end(), [&](const Row& r) { return r.since > *torch; });
        if (!too_early) return none("no row of this cell holds in this environment");
        return none("torch " + torch->text() + " is earlier than " + rows.front().since.text() +
                    ", the first release recorded for this cell");
    }

    const auto& recorded = golden.recorded;
    if (std::find(recorded.begin(), recorded.end(), *torch) != recorded.end())
        return from(**row, "");
    const auto later =
        std::find_if(recorded.begin(), recorded.end(), [&](const auto& r) { return r > *torch; });
    if (later == recorded.begin())
        return none("torch " + torch->text() + " is earlier than every recorded release");
    const auto& earlier = *std::prev(later);
    if (later == recorded.end())
        return from(**row, "inherited from " + earlier.text() + ", the last recorded release");

    const auto next = applicable(rows, *later, environment);
    if (!next) return none(to_string(next.error()));
    const std::string between = "torch " + torch->text() + " was never recorded, and " +
                                earlier.text() + " and " + later->text();
    if (!*next || (*next)->outcome != (*row)->outcome)
        return none(between + " around it expect different outcomes");
    return from(**row, between + " around it expect the same");
}

}  // namespace exportgate::golden
