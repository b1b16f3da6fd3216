#include "report/change_kind.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "outcome/parts.h"

namespace exportgate::report {
namespace {

using outcome::CheckStatus;
using outcome::Outcome;
using outcome::Status;
using verdict::Judgement;
using verdict::Verdict;

std::string listed(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines)
        text += line + '\n';
    return text;
}

/// What no comparison of two outcomes says.
std::string other_reasons(const Judgement& judgement, const Change& change, const Steps& steps) {
    std::string text;
    if (judgement.waiver && !change.reasons.empty()) text += change.reasons.front() + '\n';
    for (const auto& [step, count] : steps) {
        if (step.part == StepPart::saved_program) text += line_of(step) + '\n';
    }
    return text;
}

std::string first_line_of_message(const Outcome& outcome, const GeneralWords& words) {
    const auto parts = outcome::parts_of(outcome);
    const auto* refusal = std::get_if<outcome::Refusal>(&parts);
    return refusal && !refusal->message.empty() ? words.message(refusal->message.front()) : "";
}

std::string status_of(const Outcome& outcome) {
    return outcome.status == Status::exported ? "exported" : outcome::headline(outcome);
}

std::string without_another_pair(std::string reason) {
    constexpr std::string_view another = "<another pair>";
    for (auto place = reason.find(another); place != std::string::npos;
         place = reason.find(another))
        reason.replace(place, another.size(), "<pair>");
    return reason;
}

/// The checks that became worse or better, those of silently wrong programs first.
class TurnedChecks {
  public:
    TurnedChecks(const Outcome& before, const Outcome& after, bool worse) {
        for (const auto& check : after.checks) {
            const auto old = std::find_if(before.checks.begin(), before.checks.end(),
                                          [&](const auto& c) { return c.name == check.name; });
            if (old == before.checks.end() || old->revision != check.revision) continue;
            if (is_turned(*old, check, worse)) checks_.push_back(&check);
        }
        std::stable_partition(checks_.begin(), checks_.end(), [](const auto* check) {
            return outcome::makes_silently_wrong(check->name);
        });
    }

    bool empty() const {
        return checks_.empty();
    }
    const outcome::CheckResult& first() const {
        return *checks_.front();
    }

  private:
    static bool is_turned(const outcome::CheckResult& before, const outcome::CheckResult& after,
                          bool worse) {
        const auto better_one = worse ? before : after;
        const auto worse_one = worse ? after : before;
        if (before.status == after.status) {
            if (after.status != CheckStatus::fail) return false;
            return std::any_of(
                worse_one.reasons.begin(), worse_one.reasons.end(), [&](const auto& reason) {
                    return std::find(better_one.reasons.begin(), better_one.reasons.end(),
                                     reason) == better_one.reasons.end();
                });
        }
        return better_one.status == CheckStatus::pass || worse_one.status == CheckStatus::fail;
    }

    std::vector<const outcome::CheckResult*> checks_;
};

std::string kind_of_worse(const Outcome& before, const Outcome& after, const GeneralWords& words) {
    const TurnedChecks turned(before, after, true);
    if (turned.empty()) return "worse, and no check says so\n";
    // At which of the pairs it happens is a matter of the cell: the steps say it.
    std::set<std::string> reasons;
    for (const auto& reason : turned.first().reasons)
        reasons.insert(without_another_pair(words.message(reason)));
    return "check " + turned.first().name + '\n' + listed({reasons.begin(), reasons.end()});
}

std::string kind_of_better(const Outcome& before, const Outcome& after) {
    const TurnedChecks turned(before, after, false);
    if (turned.empty()) return "better, and no check says so\n";
    return outcome::makes_silently_wrong(turned.first().name) ? "silently wrong\n" : "checks\n";
}

/// Whether torch refuses before and after with one exception, in other words.
bool is_of_a_message(const Steps& steps) {
    return !has_step_of(steps, StepPart::outcome) &&
           std::any_of(steps.begin(), steps.end(), [](const auto& each) {
               return each.first.part == StepPart::message && !each.first.subject.empty();
           });
}

std::string kind_of_steps(const Steps& steps) {
    const bool only_certain = is_of_certain_assertions(steps);
    std::string key;
    for (const auto& [step, count] : steps) {
        if (step.part == StepPart::assertions) {
            if (only_certain) key += step.kind == Step::Kind::added ? "more\n" : "less or other\n";
        } else {
            key += line_of(step) + ' ' + std::to_string(count) + '\n';
        }
    }
    return key;
}

}  // namespace

bool is_of_certain_assertions(const Steps& steps) {
    return !steps.empty() && std::all_of(steps.begin(), steps.end(), [](const auto& step) {
        return step.first.part == StepPart::assertions;
    });
}

std::string kind_of(const Judgement& judgement, const Change& change, const Steps& steps,
                    const GeneralWords& words) {
    const auto& [before, after] = std::pair(judgement.expected, judgement.observed);
    if (!before || !after || judgement.verdict == Verdict::unobserved) {
        return change.summary + '\n' + change.before + '\n' + change.after + '\n' +
               listed(change.reasons) + listed(change.message);
    }
    const auto others = other_reasons(judgement, change, steps) + '\n';
    const auto statuses = status_of(*before) + '\n' + status_of(*after) + '\n';
    if (before->status != after->status)
        return others + statuses + first_line_of_message(*after, words);
    if (before->status != Status::exported)
        return others + (is_of_a_message(steps) ? "the message\n" : statuses);
    const auto verdict = judgement.waiver ? judgement.waiver->instead_of : judgement.verdict;
    if (verdict == Verdict::regressed) return others + kind_of_worse(*before, *after, words);
    if (verdict == Verdict::improved) return others + kind_of_better(*before, *after);
    return others + kind_of_steps(steps);
}

}  // namespace exportgate::report
