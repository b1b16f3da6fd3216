#include "report/upgrade_change.h"

#include <algorithm>

#include "base/printable.h"
#include "base/text.h"
#include "graph/graph.h"
#include "outcome/parts.h"
#include "report/reason_words.h"

namespace exportgate::report {
namespace {

using outcome::Outcome;
using outcome::Status;
using verdict::Judgement;
using verdict::Upgrade;
using verdict::Verdict;

using Lines = std::vector<std::string>;

Lines lines_of(std::string_view text) {
    Lines lines;
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.empty()) return lines;
    for (const auto line : split(text, '\n'))
        lines.push_back(printable(line));
    return lines;
}

/// In few words: a program by what is wrong with it, a refusal without its exception.
std::string brief(const Outcome& outcome) {
    return outcome.status == Status::exported ? outcome::headline(outcome)
                                              : outcome::to_string(outcome.status);
}

/// "check run pass -> fail, checks dims and bounds fail -> pass"; empty where no check turned.
std::string turned_checks(const Outcome& before, const Outcome& after) {
    std::vector<std::pair<std::string, Lines>> steps;  // "pass -> fail", the names of the checks
    for (const auto& check : after.checks) {
        const auto old = std::find_if(before.checks.begin(), before.checks.end(),
                                      [&](const auto& c) { return c.name == check.name; });
        if (old != before.checks.end() && old->status != check.status) {
            const std::string step =
                outcome::to_string(old->status) + " -> " + outcome::to_string(check.status);
            auto known = std::find_if(steps.begin(), steps.end(),
                                      [&](const auto& each) { return each.first == step; });
            if (known == steps.end()) known = steps.insert(steps.end(), {step, {}});
            known->second.push_back(check.name);
        }
    }
    return turned_words(steps);
}

/// What a check says has the details of one cell: which check it is is enough for a title.
std::string title_of_reason(const verdict::Reason& reason) {
    const auto* difference = std::get_if<verdict::Difference>(&reason);
    const std::string check(difference ? verdict::check_of(*difference) : "");
    return check.empty() ? words_of(reason) : "check " + check + " says something else";
}

std::string summary_of(const Judgement& judgement) {
    const auto& [before, after] = std::pair(judgement.expected, judgement.observed);
    const bool comparable =
        before && after && judgement.case_error.empty() && judgement.verdict != Verdict::unobserved;
    if (comparable && before->status != after->status)
        return brief(*before) + " -> " + brief(*after);
    if (comparable && before->status == Status::exported) {
        if (const auto turned = turned_checks(*before, *after); !turned.empty()) return turned;
    }
    if (judgement.verdict == Verdict::new_ && after) return describe(*after);
    return judgement.reasons.empty() ? "" : printable(title_of_reason(judgement.reasons.front()));
}

Lines reasons_of_change(const Judgement& judgement) {
    Lines reasons;
    if (judgement.waiver) reasons.push_back(waiver_line(judgement));
    for (const auto& reason : judgement.reasons) {
        if (!is_another_ending(reason)) reasons.push_back(printable(words_of(reason)));
    }
    return reasons;
}

Lines diff_of(const Upgrade& upgrade, const std::string& before, const std::string& after,
              DiffCache& diffs) {
    if (before == after) return {};
    const auto [diff, is_new] = diffs.try_emplace({before, after});
    if (is_new) diff->second = graph::text_diff(before, after);
    auto lines = lines_of(diff->second);
    if (lines.size() < 2) return lines;
    lines[0] = "--- " + printable(upgrade.before.name);
    lines[1] = "+++ " + printable(upgrade.after.name);
    return lines;
}

}  // namespace

Change change_of(const Upgrade& upgrade, const Judgement& judgement, DiffCache& diffs) {
    Change change;
    change.summary = summary_of(judgement);
    const auto& [before, after] = std::pair(judgement.expected, judgement.observed);
    if (before) change.before = describe(*before);
    if (after) change.after = describe(*after);
    change.reasons = reasons_of_change(judgement);
    if (!before && after && judgement.verdict == Verdict::new_) {
        for (const auto& check : after->checks) {
            for (const auto& reason : check.reasons)
                change.reasons.push_back("check " + check.name + ": " + printable(reason));
        }
    }
    if (judgement.verdict == Verdict::unobserved || judgement.verdict == Verdict::case_error ||
        !after)
        return change;
    if (before && before->status == after->status) {
        change.diff = diff_of(upgrade, before->text, after->text, diffs);
        change.both_exported = before->status == Status::exported;
        change.turned = change.both_exported && !turned_checks(*before, *after).empty();
        // Where one of them has none, check decompose says why.
        if (!before->decomposed.empty() && !after->decomposed.empty())
            change.decomposed_diff = diff_of(upgrade, before->decomposed, after->decomposed, diffs);
    } else {
        const auto parts = outcome::parts_of(*after);
        if (const auto* refusal = std::get_if<outcome::Refusal>(&parts))
            change.message = lines_of(join(refusal->message, "\n"));
    }
    return change;
}

Change change_of(const Upgrade& upgrade, const Judgement& judgement) {
    DiffCache diffs;
    return change_of(upgrade, judgement, diffs);
}

std::string gain_of(const Judgement& judgement) {
    const auto& before = judgement.expected;
    const auto& after = judgement.observed;
    if (!after || after->status != Status::exported ||
        (before && before->status == Status::exported)) {
        return "";
    }
    Lines dims;
    const auto parts = outcome::parts_of(*after);
    for (const auto& [names, range] : std::get<outcome::Program>(parts).dims) {
        Lines quoted;
        for (const auto& name : names)
            quoted.push_back('"' + name + '"');
        dims.push_back(printable(
            join(quoted, " ") +
            (range.lower.empty() ? " no range" : " " + range.lower + ".." + range.upper)));
    }
    if (dims.empty()) return "a program of fixed shapes";
    return "a program with " + join(dims, " and ") + " dynamic";
}

}  // namespace exportgate::report
