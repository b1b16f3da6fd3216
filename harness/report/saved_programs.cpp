#include "report/saved_programs.h"

#include <fmt/format.h>

#include <map>

#include "base/printable.h"
#include "base/text.h"
#include "report/cell_sets.h"
#include "report/reason_words.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using verdict::Upgrade;

std::string headline_of(const Upgrade& upgrade) {
    const auto& programs = upgrade.programs;
    std::string how_many = counted(programs.tried, "program");
    if (programs.loaded < programs.tried) {
        how_many = fmt::format("{} of {}", programs.loaded, how_many);
    } else if (programs.tried > 1) {
        how_many = programs.tried == 2 ? "both programs" : "all " + how_many;
    }
    const bool one = programs.loaded == 1;
    std::string text = fmt::format("{} that torch {} saved {} in torch {}", how_many,
                                   upgrade.before.environment.torch, one ? "loads" : "load",
                                   upgrade.after.environment.torch);
    if (const auto failing = programs.failing_as_before; failing > 0) {
        text += fmt::format("; {} the check run there, as in torch {}",
                            one            ? std::string("it fails")
                            : failing == 1 ? std::string("1 of them fails")
                                           : fmt::format("{} of them fail", failing),
                            upgrade.before.environment.torch);
    }
    return printable(text);
}

/// "" where there are none. Programs of another build than A's are not what A leaves behind.
std::string of_other_builds(const Upgrade& upgrade) {
    std::vector<std::string> parts;
    for (const auto& [build, count] : upgrade.programs.of_other_builds) {
        parts.push_back(fmt::format("{} of torch {} {} not compared: A is torch {}",
                                    counted(count, "program"), build, count == 1 ? "was" : "were",
                                    upgrade.before.environment.torch_build));
    }
    return printable(join(parts, "; "));
}

}  // namespace

ProgramsPart programs_part(const Upgrade& upgrade) {
    ProgramsPart part;
    const auto& programs = upgrade.programs;
    part.headline = of_other_builds(upgrade);
    if (programs.tried == 0) return part;
    part.headline = headline_of(upgrade) + (part.headline.empty() ? "" : "; " + part.headline);
    std::map<std::string, matrix::Cell> by_name;
    std::vector<matrix::Cell> all;
    for (const auto& judgement : upgrade.judged.judgements) {
        by_name.emplace(judgement.cell.name(), judgement.cell);
        all.push_back(judgement.cell);
    }
    const auto add = [&](const std::vector<matrix::Cell>& cells, const std::string& what) {
        for (const std::string& set : describe(cells, all))
            part.details.push_back(printable(set + ": " + what));
    };
    std::map<std::string, std::vector<matrix::Cell>> by_reason;
    for (const auto& [cell, reasons] : programs.not_loaded)
        by_reason[join(reasons, "; ")].push_back(by_name.at(cell));
    for (const auto& [reason, cells] : by_reason)
        add(cells, reason);
    std::vector<matrix::Cell> not_tried;
    for (const std::string& cell : programs.not_tried)
        not_tried.push_back(by_name.at(cell));
    if (!not_tried.empty()) add(not_tried, "no program of it was there to load");
    return part;
}

ProgramsPart programs_on_page(const Upgrade& upgrade) {
    ProgramsPart part;
    if (upgrade.programs.tried == 0) return part;
    part.headline = headline_of(upgrade);
    std::vector<matrix::Cell> all;
    std::map<std::string, std::vector<matrix::Cell>> by_reason;
    for (const auto& judgement : upgrade.judged.judgements) {
        all.push_back(judgement.cell);
        for (const auto& reason : judgement.reasons) {
            if (const auto* difference = std::get_if<verdict::Difference>(&reason)) {
                if (const auto* saved = std::get_if<verdict::OfSavedProgram>(&difference->what))
                    by_reason[what_is_wrong(*saved)].push_back(judgement.cell);
            }
        }
    }
    for (const auto& [reason, cells] : by_reason) {
        part.details.push_back(printable(reason + ": " + counted(cells.size(), "cell") + ", " +
                                         join(describe_across_cases(cells, all), ", ")));
    }
    return part;
}

}  // namespace exportgate::report
