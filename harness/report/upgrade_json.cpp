#include "report/json_parts.h"
#include "report/reason_words.h"
#include "report/upgrade_report.h"

namespace exportgate::report {
namespace {

using verdict::Upgrade;

Json side_json(const verdict::Side& side) {
    return {{"name", side.name},
            {"file", side.file},
            {"origin", side.origin},
            {"inputs_digest", side.inputs_digest},
            {"environment", json_of(side.environment)}};
}

Json outcome_json(const std::optional<outcome::Outcome>& outcome) {
    if (!outcome) return nullptr;
    auto json = json_of(*outcome);
    json.update(digests_of(*outcome));
    return json;
}

Json step_json(const GroupStep& step, const ChangeGroup& group) {
    Json json{{"step", line_of(step.step)}, {"cells", Json::object()}};
    for (std::size_t i = 0; i < step.cells.size(); ++i)
        json["cells"][group.cells[step.cells[i]].name()] = step.counts[i];
    return json;
}

Json group_json(const ChangeGroup& group) {
    const auto& change = group.change;
    Json json{{"verdict", verdict::upgrade_label(group.verdict)},
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
              {"cells", Json::array()},
              {"other_words", group.other_words},
              {"other_context", group.other_context},
              {"other_checks", group.other_checks},
              {"steps", Json::array()}};
    for (const auto& step : group.steps)
        json["steps"].push_back(step_json(step, group));
    for (const auto& cell : group.cells)
        json["cells"].push_back(cell.name());
    return json;
}

Json cell_json(const Upgrade& upgrade, const verdict::Judgement& judgement) {
    auto json = json_of(judgement.cell);
    json["verdict"] = verdict::upgrade_label(judgement.verdict);
    json["blocks"] = verdict::blocks(judgement, upgrade.strict);
    json["to_review"] = verdict::is_to_review(judgement);
    json["reasons"] = words_of(judgement.reasons);
    json["not_compared"] = json_of(judgement.not_compared);
    json["waiver"] = nullptr;
    if (judgement.waiver) json["waiver"] = json_of(*judgement.waiver);
    json["before"] = outcome_json(judgement.expected);
    json["after"] = outcome_json(judgement.observed);
    json["spelling"] = nullptr;
    const auto spelling = upgrade.spellings.find(judgement.cell.name());
    if (spelling != upgrade.spellings.end()) {
        json["spelling"] = {{"before", spelling->second.before}, {"after", spelling->second.after}};
    }
    return json;
}

Json programs_json(const Upgrade& upgrade) {
    const auto& programs = upgrade.programs;
    if (programs.tried == 0 && programs.of_other_builds.empty()) return nullptr;
    Json json{{"saved_by", upgrade.before.environment.torch_build},
              {"tried", programs.tried},
              {"loaded", programs.loaded},
              {"failing_as_before", programs.failing_as_before},
              {"not_loaded", Json::array()},
              {"not_tried", programs.not_tried},
              {"of_other_builds", programs.of_other_builds}};
    for (const auto& [cell, reasons] : programs.not_loaded)
        json["not_loaded"].push_back(Json{{"cell", cell}, {"reasons", reasons}});
    return json;
}

}  // namespace

std::string upgrade_json(const Upgrade& upgrade) {
    const auto& judged = upgrade.judged;
    const auto groups = change_groups(upgrade);
    Json report{{"format", upgrade_json_format_version}, {"exit_code", judged.exit_code},
                {"sentence", sentence(upgrade, groups)}, {"strict", upgrade.strict},
                {"before", side_json(upgrade.before)},   {"after", side_json(upgrade.after)}};
    report["counts"] = Json::object();
    for (const auto& [verdict, count] : verdict::counts(judged.judgements))
        report["counts"][std::string(verdict::upgrade_label(verdict))] = count;
    report["programs"] = programs_json(upgrade);
    report["groups"] = Json::array();
    for (const auto& group : groups)
        report["groups"].push_back(group_json(group));
    report["cells"] = Json::array();
    for (const auto& judgement : judged.judgements)
        report["cells"].push_back(cell_json(upgrade, judgement));
    report["problems"] = json_of(judged.problems);
    report["failures"] = json_of(judged.failures);
    return report.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace exportgate::report
