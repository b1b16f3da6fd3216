#include <algorithm>

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

/// "pair b3c5: raises " of "pair b3c5: raises NameError: ..."; empty for other reasons.
std::string_view before_exception(std::string_view reason) {
    constexpr std::string_view word = "raises ";
    const auto place = reason.find(word);
    return place == std::string_view::npos ? "" : reason.substr(0, place + word.size());
}

/// Whether `reasons` have the same step raising, whatever it raises.
bool raises_too(const std::vector<std::string>& reasons, std::string_view reason) {
    const auto step = before_exception(reason);
    return !step.empty() && std::any_of(reasons.begin(), reasons.end(), [&](const auto& other) {
        return before_exception(other) == step;
    });
}

/// ": <first reason>"
std::string because(const CheckResult& check) {
    return check.reasons.empty() ? "" : ": " + check.reasons.front();
}

/// A check differs: what it says now is the kind of the difference, its name the place.
void add(std::vector<std::string>& list, std::string sentence, const CheckResult& now,
         Comparison& result) {
    result.places.insert("check " + now.name +
                         (now.status == CheckStatus::fail   ? " fails"
                          : now.status == CheckStatus::pass ? " passes"
                                                            : " does not apply"));
    list.push_back(std::move(sentence));
}

void compare_check(const CheckResult& before, const CheckResult& after, Comparison& result) {
    const std::string step = "check " + after.name + ": " + outcome::to_string(before.status) +
                             " -> " + outcome::to_string(after.status);
    if (before.status != after.status) {
        if (after.status == CheckStatus::pass) {
            add(result.better, step, after, result);
        } else if (before.status == CheckStatus::pass ||
                   (after.status == CheckStatus::fail &&
                    outcome::makes_silently_wrong(after.name))) {
            add(result.worse, step + because(after), after, result);
        } else {
            add(result.other, step + because(after), after, result);
        }
        return;
    }
    const bool fails = after.status == CheckStatus::fail;
    const std::string check = "check " + after.name + ": ";
    for (const auto& reason : after.reasons) {
        const bool is_another = fails && !raises_too(before.reasons, reason);
        if (!contains(before.reasons, reason))
            add(is_another ? result.worse : result.other, check + reason, after, result);
    }
    for (const auto& reason : before.reasons) {
        const bool is_gone = fails && !raises_too(after.reasons, reason);
        if (!contains(after.reasons, reason))
            add(is_gone ? result.better : result.other,
                check + (fails ? "no longer: " : "no longer noted: ") + reason, after, result);
    }
}

/// Where the cell did not export before, that it does now is said already. `is_loud`: the program
/// raises whenever it is called, so it is silently nothing.
void add_failing(const CheckResult& check, bool is_loud, Comparison& result) {
    if (check.status != CheckStatus::fail) return;
    const bool is_worse = outcome::makes_silently_wrong(check.name) && !is_loud &&
                          !outcome::fails_by_declaration(check);
    add(is_worse ? result.worse : result.other,
        "check " + check.name + ": fail, not there before" + because(check), check, result);
}

/// Neither better nor worse, since it may have been so before; but nobody has accepted it.
void add_newly_seen(const CheckResult* before, const CheckResult& after, Comparison& result) {
    const bool failed = before && before->status == CheckStatus::fail;
    const bool fails = after.status == CheckStatus::fail;
    if (failed == fails) return;
    add(result.other,
        "check " + after.name + (fails ? ": fails" : ": does not fail") +
            ", as this worker looks at it" + (fails ? because(after) : ""),
        after, result);
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
        const bool narrowed = outcome::loses_extents(old->second, range);
        result.places.insert("range of " + name + (narrowed ? " narrows" : " widens"));
        (narrowed ? result.worse : result.better)
            .push_back("the range of \"" + name + "\" was " + old->second.lower + ".." +
                       old->second.upper + " and is " + range.lower + ".." + range.upper);
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
        result.places.insert("program");
        result.other.emplace_back("the exported program differs");
        return;
    }
    result.places.insert(how_it_ends(after));
    const auto old_headline = outcome::headline(before);
    const auto new_headline = outcome::headline(after);
    result.other.push_back(old_headline == new_headline ? "the message differs"
                                                        : old_headline + " -> " + new_headline);
}

/// Of programs in other operators nothing is better or worse: what they lost, the check decompose
/// says.
void compare_decomposed(const Outcome& before, const Outcome& after, Comparison& result) {
    if (before.decomposed == after.decomposed) return;
    const auto carried_out = [](const Outcome& one) { return find(one.checks, "decompose"); };
    if (!carried_out(before) || !carried_out(after)) return;
    result.places.insert("decomposed program");
    result.other.emplace_back(after.decomposed.empty() ? "there is no decomposed program any more"
                              : before.decomposed.empty() ? "there is a decomposed program now"
                                                          : "the decomposed program differs");
}

/// Lines that only one of two sections has, one side of a sentence: "a; b".
std::string only_in(const std::vector<std::string>& lines, const std::vector<std::string>& others) {
    std::string text;
    for (const auto& line : lines) {
        if (!contains(others, line)) text += (text.empty() ? "" : "; ") + line;
    }
    return text.empty() ? "nothing else" : text;
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
            result.places.insert("facts " + name);
            result.other.push_back("the facts of the program differ, " + name + ": " +
                                   only_in(old->second, lines) + " -> " +
                                   only_in(lines, old->second));
        }
    }
    for (const auto& [name, lines] : old_facts.sections) {
        if (!new_facts.sections.contains(name))
            result.not_compared.push_back({"facts." + name, revision, 0});
    }
}

Verdict verdict_of(const Comparison& comparison) {
    if (!comparison.worse.empty()) return Verdict::regressed;
    const auto& left = comparison.not_compared;
    if (std::any_of(left.begin(), left.end(), is_recorded_earlier)) return Verdict::unobserved;
    if (!comparison.better.empty()) return Verdict::improved;
    if (!comparison.other.empty()) return Verdict::changed;
    return Verdict::as_expected;
}

}  // namespace

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
        auto& list = step > 0 ? result.better : step < 0 ? result.worse : result.other;
        list.push_back(outcome::headline(before) + " -> " + outcome::headline(after));
        result.places.insert(how_it_ends(after));
        const std::string unusable = "it could not be used, like a rejected one";
        if (raised_before)
            result.other.push_back("the program raised whenever it was called: " + unusable);
        if (raises_now)
            result.other.push_back("the program raises whenever it is called: " + unusable);
    }
    compare_checks(before, after, raises_now, result);
    result.verdict = verdict_of(result);
    if (result.verdict == Verdict::as_expected && result.not_compared.empty()) {
        result.places.insert("order of checks");
        result.other.emplace_back("the order of the checks or of their reasons differs");
        result.verdict = Verdict::changed;
    }
    return result;
}

std::vector<std::string> reasons_of(const Comparison& comparison) {
    std::vector<std::string> reasons;
    if (comparison.verdict == Verdict::unobserved) {
        for (const auto& check : comparison.not_compared) {
            if (!is_recorded_earlier(check)) continue;
            reasons.push_back("check " + check.check +
                              " is not comparable: recorded by an earlier worker (revision " +
                              std::to_string(check.after) + ", expected is " +
                              std::to_string(check.before) + ")");
        }
    }
    for (const auto* list : {&comparison.worse, &comparison.better, &comparison.other})
        reasons.insert(reasons.end(), list->begin(), list->end());
    return reasons;
}

}  // namespace exportgate::verdict
