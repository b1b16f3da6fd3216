#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/printable.h"
#include "base/text.h"
#include "report/upgrade_groups.h"
#include "report/wording.h"
#include "verdict/surroundings.h"

namespace exportgate::report {
namespace {

using verdict::Upgrade;
using verdict::Verdict;

constexpr std::size_t most_packages = 6;

std::size_t cells_with(const Upgrade& upgrade, Verdict verdict) {
    const auto& judgements = upgrade.judged.judgements;
    return static_cast<std::size_t>(
        std::count_if(judgements.begin(), judgements.end(),
                      [&](const auto& judgement) { return judgement.verdict == verdict; }));
}

std::string cannot_be_judged(const Upgrade& upgrade) {
    std::vector<std::string> causes;
    const auto& problems = upgrade.judged.problems;
    if (!problems.empty()) {
        const auto& first = problems.front();
        causes.push_back(
            printable(first.file.empty() ? first.what : first.file + ": " + first.what));
        if (problems.size() > 1) causes.push_back(counted(problems.size() - 1, "further problem"));
    }
    if (const auto count = cells_with(upgrade, Verdict::unobserved); count > 0)
        causes.push_back(counted(count, "cell") + " unobserved");
    if (const auto count = cells_with(upgrade, Verdict::case_error); count > 0)
        causes.push_back(counted(count, "case error"));
    return "cannot be judged: " + join(causes, ", ");
}

/// False where one side left out running a program that the other ran.
bool programs_were_run(const Upgrade& upgrade) {
    const auto& judgements = upgrade.judged.judgements;
    return std::none_of(judgements.begin(), judgements.end(), [](const auto& judgement) {
        const auto& left_out = judgement.not_compared;
        return std::any_of(left_out.begin(), left_out.end(),
                           [](const auto& one) { return one.check == "run"; });
    });
}

}  // namespace

std::string sentence(const Upgrade& upgrade, const std::vector<ChangeGroup>& groups) {
    const auto& judged = upgrade.judged;
    if (judged.exit_code == 2) return cannot_be_judged(upgrade);
    std::size_t to_review = 0;
    std::size_t cells_to_review = 0;
    for (const auto& group : groups) {
        if (!group.to_review) continue;
        ++to_review;
        cells_to_review += group.cells.size();
    }
    std::vector<std::string> parts;
    if (const auto count = cells_with(upgrade, Verdict::regressed); count > 0)
        parts.push_back(counted(count, "cell") + " regressed");
    if (upgrade.strict && to_review > 0)
        parts.push_back(counted(cells_to_review, "cell") +
                        " to review, and --strict was asked for");
    if (const auto count = judged.failures.size(); count > 0)
        parts.push_back(counted(count, "waiver") +
                        (count == 1 ? " does not hold" : " do not hold"));
    if (!parts.empty()) return "NO-GO: " + join(parts, ", ");
    if (to_review > 0) parts.push_back(counted(to_review, "change") + " to review");
    if (const auto count = cells_with(upgrade, Verdict::waived); count > 0)
        parts.push_back(counted(count, "cell") + " waived");
    parts.insert(parts.begin(), programs_were_run(upgrade) ? "GO" : "GO for what was compared");
    return join(parts, ", ");
}

std::string counts_line(const Upgrade& upgrade) {
    const auto& judgements = upgrade.judged.judgements;
    const auto counts = verdict::counts(judgements);
    std::string text = counted(judgements.size(), "cell") + ": ";
    if (counts.empty()) return text + "nothing was judged";
    if (counts.size() == 1) {
        return text + (judgements.size() == 1 ? "" : "all ") +
               std::string(verdict::upgrade_label(counts.front().first));
    }
    for (auto entry = counts.rbegin(); entry != counts.rend(); ++entry) {
        text += fmt::format("{}{} {}", entry == counts.rbegin() ? "" : ", ", entry->second,
                            verdict::upgrade_label(entry->first));
    }
    return text;
}

const verdict::Judgement* example_of_spelling(const Upgrade& upgrade) {
    const verdict::Judgement* example = nullptr;
    for (const auto& judgement : upgrade.judged.judgements) {
        if (judgement.verdict != Verdict::cosmetic) continue;
        const bool is_program = judgement.observed->status == outcome::Status::exported;
        if (!example || is_program) example = &judgement;
        if (is_program) break;
    }
    return example;
}

std::vector<std::string> other_differences(const Upgrade& upgrade) {
    const auto& before = upgrade.before.environment;
    const auto& after = upgrade.after.environment;
    std::vector<std::string> differences;
    const auto compare = [&](const std::string& what, const std::string& old,
                             const std::string& now) {
        if (old != now) differences.push_back(printable(what + " " + old + " -> " + now));
    };
    compare("Python", before.python, after.python);
    compare("platform", before.platform, after.platform);
    compare("seed", std::to_string(upgrade.before.seed), std::to_string(upgrade.after.seed));
    // One that is there on one side only counts as well: that optree is installed changes how torch
    // registers classes.
    std::set<std::string> names;
    for (const auto* packages : {&before.packages, &after.packages}) {
        for (const auto& [name, version] : *packages)
            names.insert(name);
    }
    const auto version_in = [](const auto& packages, const std::string& name) {
        const auto found = packages.find(name);
        return found == packages.end() ? std::string("(not installed)") : found->second;
    };
    std::size_t packages = 0;
    for (const std::string& name : names) {
        const std::string old = version_in(before.packages, name);
        const std::string now = version_in(after.packages, name);
        if (verdict::comes_with_torch(name) || old == now) continue;
        if (++packages <= most_packages) compare(name, old, now);
    }
    if (packages > most_packages)
        differences.push_back(counted(packages - most_packages, "more package"));
    if (!verdict::has_same_inputs(upgrade))
        differences.emplace_back("the case code or the worker that the records were made with");
    return differences;
}

}  // namespace exportgate::report
