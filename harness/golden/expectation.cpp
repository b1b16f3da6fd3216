#include <algorithm>

#include "golden/decision.h"
#include "golden/golden.h"
#include "golden/row_order.h"
#include "golden/when.h"

namespace exportgate::golden {
namespace {

Expectation none(std::string why) {
    return {nullptr, "", std::move(why)};
}

/// "since 2.9.0 when python>=3.12 (detail): why"
Expectation from(const Row& row, const std::string& inherited_from, const std::string& detail) {
    std::string text = "since " + row.since.text();
    if (!row.when.empty()) text += " when " + row.when;
    if (!detail.empty()) text += " (" + detail + ")";
    if (!row.why.empty()) text += ": " + row.why;
    return {&row, inherited_from, text};
}

/// The recorded releases, and those at which this cell was accepted though others were not; not
/// where that was in another environment. Ascending.
std::vector<TorchVersion> known_releases(const Golden& golden, std::span<const Row> rows,
                                         const record::Environment& environment) {
    auto known = golden.recorded;
    for (const auto& row : rows) {
        const auto holds_here = holds(row.when, environment);
        if (holds_here && *holds_here) known.push_back(row.since);
    }
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    return known;
}

}  // namespace

Expectation expected(const Golden& golden, const matrix::Cell& cell,
                     const record::Environment& environment) {
    const auto torch = TorchVersion::parse(environment.torch);
    if (!torch) return none("the record's torch cannot be read: " + to_string(torch.error()));
    const auto rows = rows_of(golden, cell.name_in_folder());
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

    const auto known = known_releases(golden, rows, environment);
    if (std::find(known.begin(), known.end(), *torch) != known.end()) return from(**row, "", "");
    const auto later = std::upper_bound(known.begin(), known.end(), *torch);
    if (later == known.begin())
        return none("torch " + torch->text() + " is earlier than every recorded release");
    const auto& earlier = *std::prev(later);
    if (later == known.end())
        return from(**row, earlier.text(),
                    "inherited from " + earlier.text() + ", the last recorded release");

    const auto next = applicable(rows, *later, environment);
    if (!next) return none(to_string(next.error()));
    const std::string between = "torch " + torch->text() + " was never recorded, and " +
                                earlier.text() + " and " + later->text();
    if (!*next || (*next)->outcome != (*row)->outcome)
        return none(between + " around it expect different outcomes");
    return from(**row, earlier.text(), between + " around it expect the same");
}

}  // namespace exportgate::golden
