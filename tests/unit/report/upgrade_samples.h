// An upgrade of the sample matrix, all the same until a test makes it otherwise.
#pragma once

#include "report/upgrade_report.h"
#include "samples.h"

namespace exportgate::report::samples {

inline verdict::Upgrade all_same() {
    verdict::Upgrade upgrade;
    upgrade.before.name = upgrade.before.environment.torch = "2.9.1";
    upgrade.before.origin = upgrade.before.file = "records/2.9.1.jsonl";
    upgrade.after.name = upgrade.after.environment.torch = "2.10.0";
    upgrade.after.origin = upgrade.after.file = "records/2.10.0.jsonl";
    for (auto* side : {&upgrade.before, &upgrade.after}) {
        side->environment.torch_build = side->name + "+cpu";
        side->environment.python = "3.11.7";
        side->environment.platform = "linux-x86_64";
    }
    matrix::Case mine;
    mine.name = "mine";
    mine.pairs = {{"b3", {{"batch", 3}, {"length", 5}}}, {"b4", {{"batch", 4}, {"length", 11}}}};
    upgrade.cases = {mine};
    upgrade.judged = all_as_expected();
    upgrade.judged.environment = upgrade.after.environment;
    for (Judgement& judgement : upgrade.judged.judgements)
        judgement.expectation = "on torch 2.9.1";
    return upgrade;
}

/// The cell went from one outcome to another.
inline Judgement& move(verdict::Upgrade& upgrade, const std::string& name, const Outcome& before,
                       const Outcome& after) {
    auto& judgement = find(upgrade.judged, name);
    judgement.expected = before;
    observe(judgement, after);
    verdict::settle(upgrade);
    return judgement;
}

inline void make_cosmetic(verdict::Upgrade& upgrade, const std::string& name,
                          const verdict::Spelling& spelling) {
    find(upgrade.judged, name).verdict = Verdict::cosmetic;
    upgrade.spellings[name] = spelling;
}

inline void waive(verdict::Upgrade& upgrade, const std::string& name) {
    find(upgrade.judged, name).verdict = Verdict::waived;
    verdict::settle(upgrade);
}

inline std::string sentence_of(const verdict::Upgrade& upgrade) {
    return sentence(upgrade, change_groups(upgrade));
}

}  // namespace exportgate::report::samples
