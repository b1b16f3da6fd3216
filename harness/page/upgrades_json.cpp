#include "page/upgrades_json.h"

#include "base/printable.h"
#include "report/cell_sets.h"
#include "report/saved_programs.h"
#include "report/upgrade_groups.h"

namespace exportgate::page {
namespace {

using report::Json;

Json group_json(const report::ChangeGroup& group, std::span<const matrix::Cell> all) {
    const auto& change = group.change;
    Json json{{"verdict", verdict::upgrade_label(group.verdict)},
              {"symbol", verdict::info(group.verdict).symbol},
              {"blocks", group.blocks},
              {"to_review", group.to_review},
              {"summary", change.summary},
              {"before", change.before},
              {"after", change.after},
              {"reasons", change.reasons},
              {"message", change.message},
              {"diff", change.diff},
              {"decomposed_diff", change.decomposed_diff},
              {"gains", group.gains},
              {"others", report::how_others_differ(group)},
              {"steps", report::steps_in_part(group)},
              {"sets", report::describe_across_cases(group.cells, all)},
              {"cells", Json::array()}};
    for (const auto& cell : group.cells)
        json["cells"].push_back(cell.name());
    return json;
}

Json upgrade_json(const verdict::Upgrade& upgrade) {
    const auto groups = report::change_groups(upgrade);
    const auto programs = report::programs_part(upgrade);
    Json json{{"before", upgrade.before.name},
              {"after", upgrade.after.name},
              {"sentence", printable(report::sentence(upgrade, groups))},
              {"exit_code", upgrade.judged.exit_code},
              {"counts", report::counts_line(upgrade)},
              {"other_differences", report::other_differences(upgrade)},
              {"programs", {{"headline", programs.headline}, {"details", programs.details}}},
              {"problems", report::json_of(upgrade.judged.problems)},
              {"groups", Json::array()}};
    std::vector<matrix::Cell> all;
    for (const auto& judgement : upgrade.judged.judgements)
        all.push_back(judgement.cell);
    for (const auto& group : groups)
        json["groups"].push_back(group_json(group, all));
    return json;
}

}  // namespace

Json upgrades_json(const Subject& subject) {
    Json json = Json::array();
    for (const auto& upgrade : subject.upgrades)
        json.push_back(upgrade_json(upgrade));
    return json;
}

}  // namespace exportgate::page
