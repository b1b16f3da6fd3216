#include <algorithm>
#include <iterator>

#include "outcome/facts_text.h"
#include "outcome/parts.h"
#include "outcome/usable.h"
#include "verdict/verdict.h"

namespace exportgate::verdict {
namespace {

using outcome::CheckResult;
using outcome::CheckStatus;
using outcome::Outcome;
using outcome::Status;

/// How loud it ends: 2 for a program that can be called.
int rank(const Outcome& one, bool always_raises) {
    switch (one.status) {
        case Status::exported:
            return always_raises ? 1 : 2;
        case Status::rejected:
            return 1;
        case Status::crashed:
            return 0;
        case Status::timeout:
            return 0;
    }
    return 0;
}

const CheckResult* find(const std::vector<CheckResult>& checks, const std::string& name) {
    const auto found = std::find_if(checks.begin(), checks.end(),
                                    [&](const auto& check) { return check.name == name; });
    return found == checks.end() ? nullptr : &*found;
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// "pair b3c5: raises " of "pair b3c5: raises NameError: ...", "pair b4c11: refused" of "pair
/// b4c11: refused: batch == 3"; empty for other reasons.
std::string_view before_what_is_said(std::string_view reason) {
    for (const std::string_view word :
         {std::string_view("raises "), std::string_view(": refused")}) {
        const auto place = reason.find(word);
        if (place != std::string_view::npos) return reason.substr(0, place + word.size());
    }
    return "";
}

/// Whether `reasons` have the same step raising, whatever it raises, or refusing, by whatever
/// guard.
bool stops_too(const std::vector<std::string>& reasons, std::string_view reason) {
    const auto step = before_what_is_said(reason);
    return !step.empty() && std::any_of(reasons.begin(), reasons.end(), [&](const auto& other) {
        return before_what_is_said(other) == step;
    });
}

std::string first_reason(const CheckResult& check) {
    return check.reasons.empty() ? "" : check.reasons.front();
}

template <class What>
void add(Direction direction, What what, Comparison& result) {
    result.differences.push_back({direction, std::move(what)});
}

void compare_check(const CheckResult& before, const CheckResult& after, Comparison& result) {
    const auto& name = after.name;
    if (before.status != after.status) {
        CheckTurns turns{name, before.status, after.status, first_reason(after)};
        const bool is_worse =
            before.status == CheckStatus::pass ||
            (after.status == CheckStatus::fail && outcome::makes_silently_wrong(name));
        const auto direction = after.status == CheckStatus::pass ? Direction::better
                               : is_worse                        ? Direction::worse
                                                                 : Direction::neither;
        return add(direction, std::move(turns), result);
    }
    const bool fails = after.status == CheckStatus::fail;
    for (const auto& reason : after.reasons) {
        if (contains(before.reasons, reason)) continue;
        const bool is_another = fails && !stops_too(before.reasons, reason);
        add(is_another ? Direction::worse : Direction::neither,
            OtherReason{name, after.status, false, reason}, result);
    }
    for (const auto& reason : before.reasons) {
        if (contains(after.reasons, reason)) continue;
        const bool is_gone = fails && !stops_too(after.reasons, reason);
        add(is_gone ? Direction::better : Direction::neither,
            OtherReason{name, after.status, true, reason}, result);
    }
}

/// Where the cell did not export before, that it does now is said already. `is_loud`: the program
/// raises whenever it is called, so it is silently nothing.
void add_failing(const CheckResult& check, bool is_loud, Comparison& result) {
    if (check.status != CheckStatus::fail) return;
    const bool is_worse = outcome::makes_silently_wrong(check.name) && !is_loud &&
                          !outcome::fails_by_declaration(check);
    add(is_worse ? Direction::worse : Direction::neither,
        CheckFailsAtOnce{check.name, first_reason(check)}, result);
}

/// Neither better nor worse, since it may have been so before; but nobody has accepted it.
void add_newly_seen(const CheckResult* before, const CheckResult& after, Comparison& result) {
    const bool failed = before && before->status == CheckStatus::fail;
    const bool fails = after.status == CheckStatus::fail;
    if (failed == fails) return;
    add(Direction::neither, CheckSeenAnew{after.name, after.status, first_reason(after)}, result);
}

void compare_checks(const Outcome& before, const Outcome& after, bool is_loud, Comparison& result) {
    if (before.status != after.status) {
        for (const auto& check : after.checks)
            add_failing(check, is_loud, result);
        return;
    }
    for (const auto& check : after.checks) {
        const auto* old = find(before.checks, check.name);
        if (old && old->revision == check.revision) {
            compare_check(*old, check, result);
        } else {
            result.not_compared.push_back({check.name, old ? old->revision : 0, check.revision});
            add_newly_seen(old, check, result);
        }
    }
    for (const auto& check : before.checks) {
        if (!find(after.checks, check.name))
            result.not_compared.push_back({check.name, check.revision, 0});
    }
}

/// What is expected was not seen: an earlier worker recorded what came.
bool is_recorded_earlier(const NotCompared& check) {
    return check.after > 0 && check.after < check.before;
}

/// Of dims that are dynamic in both. The check dims looks at the ranges that were asked for, with
/// dims=auto and dims=dynamic none was.
void compare_ranges(const Outcome& before, const Outcome& after, Comparison& result) {
    const auto* old_check = find(before.checks, "dims");
    const auto* new_check = find(after.checks, "dims");
    if (old_check && new_check && *old_check != *new_check) return;  // says it already
    const auto ranges = [](const Outcome& one) {
        return outcome::ranges_of(std::get<outcome::Program>(outcome::parts_of(one)));
    };
    const auto old_ranges = ranges(before);
    for (const auto& [name, range] : ranges(after)) {
        const auto old = old_ranges.find(name);
        if (old == old_ranges.end() || old->second == range) continue;
        const bool narrows = outcome::loses_extents(old->second, range);
        add(narrows ? Direction::worse : Direction::better,
            OtherRange{name, old->second, range, narrows}, result);
    }
}

/// "rejected in export", without the exception: its words may be others the next time.
Place how_it_ends(const Outcome& one) {
    const auto stage_of = [](const auto& part) -> std::string {
        if constexpr (requires { part.stage; }) return " in " + part.stage;
        return "";
    };
    return outcome::to_string(one.status) + std::visit(stage_of, outcome::parts_of(one));
}

void compare_texts(const Outcome& before, const Outcome& after, Comparison& result) {
    if (before.text == after.text) return;
    if (after.status == Status::exported) {
        compare_ranges(before, after, result);
        return add(Direction::neither, OtherProgram{}, result);
    }
    add(Direction::neither,
        RefusedOtherwise{outcome::headline(before), outcome::headline(after), how_it_ends(after)},
        result);
}

/// Decomposed programs are equal or different, never better or worse: the check decompose says what
/// they lost.
void compare_decomposed(const Outcome& before, const Outcome& after, Comparison& result) {
    if (before.decomposed == after.decomposed) return;
    const auto carried_out = [](const Outcome& one) { return find(one.checks, "decompose"); };
    if (!carried_out(before) || !carried_out(after)) return;
    add(Direction::neither, OtherDecomposed{!before.decomposed.empty(), !after.decomposed.empty()},
        result);
}

/// Lines that only the first of two sections has.
std::vector<std::string> only_in(const std::vector<std::string>& lines,
                                 const std::vector<std::string>& others) {
    std::vector<std::string> only;
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(only),
                 [&](const auto& line) { return !contains(others, line); });
    return only;
}

/// What the prints do not say of two programs.
void compare_facts(const Outcome& before, const Outcome& after, Comparison& result) {
    if (before.facts == after.facts || after.status != Status::exported) return;
    const auto old_facts = outcome::read_facts(before.facts);
    const auto new_facts = outcome::read_facts(after.facts);
    if (old_facts.revision != new_facts.revision) {
        result.not_compared.push_back({"facts", old_facts.revision, new_facts.revision});
        return;
    }
    const auto revision = new_facts.revision;
    for (const auto& [name, lines] : new_facts.sections) {
        const auto old = old_facts.sections.find(name);
        if (old == old_facts.sections.end()) {
            result.not_compared.push_back({"facts." + name, 0, revision});
        } else if (old->second != lines) {
            add(Direction::neither,
                OtherFacts{name, only_in(old->second, lines), only_in(lines, old->second)}, result);
        }
    }
    for (const auto& [name, lines] : old_facts.sections) {
        if (!new_facts.sections.contains(name))
            result.not_compared.push_back({"facts." + name, revision, 0});
    }
}

Verdict verdict_of(const Comparison& comparison) {
    const auto& differences = comparison.differences;
    if (has(differences, Direction::worse)) return Verdict::regressed;
    const auto& left = comparison.not_compared;
    if (std::any_of(left.begin(), left.end(), is_recorded_earlier)) return Verdict::unobserved;
    return verdict_of(differences);
}

}  // namespace

Verdict verdict_of(const std::vector<Difference>& differences) {
    if (has(differences, Direction::worse)) return Verdict::regressed;
    if (has(differences, Direction::better)) return Verdict::improved;
    return differences.empty() ? Verdict::as_expected : Verdict::changed;
}

Comparison compare(const Outcome& before, const Outcome& after, const Asked& asked) {
    Comparison result;
    if (before == after) return result;
    const auto always_raises = [&](const Outcome& one) {
        return asked.case_ && asked.cell && outcome::always_raises(one, *asked.case_, *asked.cell);
    };
    const bool raises_now = always_raises(after);
    if (before.status == after.status) {
        compare_texts(before, after, result);
        compare_decomposed(before, after, result);
        compare_facts(before, after, result);
    } else {
        const bool raised_before = always_raises(before);
        const int step = rank(after, raises_now) - rank(before, raised_before);
        add(step > 0   ? Direction::better
            : step < 0 ? Direction::worse
                       : Direction::neither,
            EndsOtherwise{outcome::headline(before), outcome::headline(after), how_it_ends(after)},
            result);
        if (raised_before) add(Direction::neither, AlwaysRaises{false}, result);
        if (raises_now) add(Direction::neither, AlwaysRaises{true}, result);
    }
    compare_checks(before, after, raises_now, result);
    result.verdict = verdict_of(result);
    if (result.verdict == Verdict::as_expected && result.not_compared.empty()) {
        add(Direction::neither, OtherOrderOfChecks{}, result);
        result.verdict = Verdict::changed;
    }
    return result;
}

std::vector<Reason> reasons_of(const Comparison& comparison) {
    std::vector<Reason> reasons;
    if (comparison.verdict == Verdict::unobserved) {
        for (const auto& check : comparison.not_compared) {
            if (is_recorded_earlier(check)) reasons.emplace_back(RecordedEarlier{check});
        }
    }
    auto differences = comparison.differences;
    std::stable_sort(
        differences.begin(), differences.end(),
        [](const auto& one, const auto& other) { return one.direction < other.direction; });
    reasons.insert(reasons.end(), differences.begin(), differences.end());
    return reasons;
}

}  // namespace exportgate::verdict
