#include "verdict/upgrade.h"

#include <algorithm>
#include <set>

#include "outcome/case_error.h"
#include "verdict/evidence.h"
#include "verdict/spelling.h"
#include "verdict/surroundings.h"

namespace exportgate::verdict {
namespace {

using outcome::CheckStatus;
using outcome::is_later_stage;
using outcome::Outcome;
using outcome::Status;

Side side_of(const record::Record& record) {
    return {record.header.environment.torch,
            record.file,
            record.file,
            record.header.inputs_digest,
            record.header.environment,
            record.header.seed};
}

/// Names that tell the two apart.
void name_apart(Side& before, Side& after) {
    if (before.name != after.name) return;
    const auto& torch = before.environment.torch;
    if (before.environment.name == after.environment.name) {
        before.name = "before";
        after.name = "after";
    } else {
        before.name = torch + " (" + before.environment.name + ")";
        after.name = torch + " (" + after.environment.name + ")";
    }
}

class Gate {
  public:
    Gate(const record::Record& a, const record::Record& b, std::span<const matrix::Case> cases,
         Upgrade& result)
        : before_(a, cases),
          after_(b, cases),
          cases_(cases),
          other_cause_(verdict::other_cause(a.header, b.header)),
          result_(result) {}

    void judge(const matrix::Cell& cell) {
        auto before = before_.of(cell);
        auto after = after_.of(cell);
        const bool in_before = before.observation || before_.is_declared(cell);
        const bool in_after = after.observation || after_.is_declared(cell);
        if (!in_before && !in_after) return;
        Judgement judgement{};
        judgement.cell = cell;
        judgement.verdict = Verdict::unobserved;
        judgement.expectation = "on torch " + result_.before.environment.torch;
        judgement.seconds = after.seconds;
        judgement.expected = before.outcome;
        judgement.observed = after.outcome;
        if (in_before && !before.outcome) reason(judgement, result_.before, before.obstacle);
        if (in_after && !after.outcome) reason(judgement, result_.after, after.obstacle);
        if (judgement.reasons.empty()) {
            if (!in_before) {
                appears(after.case_error, judgement);
            } else if (!in_after) {
                disappears(judgement);
            } else if (!before.case_error.empty() || !after.case_error.empty()) {
                compare_case_errors(before.case_error, after.case_error, judgement);
            } else {
                compare_both(*before.observation, *after.observation, judgement);
            }
        }
        result_.judged.judgements.push_back(std::move(judgement));
    }

    void add_problems() {
        auto& problems = result_.judged.problems;
        problems = before_.problems();
        // One record on both sides has its problems once.
        for (const auto& problem : after_.problems()) {
            if (std::find(problems.begin(), problems.end(), problem) == problems.end())
                problems.push_back(problem);
        }
        if (result_.judged.judgements.empty()) {
            problems.push_back({"", 0, "no cell was judged",
                                "select cells that are declared for torch " +
                                    result_.before.environment.torch + " or " +
                                    result_.after.environment.torch});
        }
    }

  private:
    static void reason(Judgement& judgement, const Side& side, const std::string& obstacle) {
        judgement.reasons.emplace_back(Obstacle{side.name, obstacle});
    }

    /// The case of a cell that was observed, and so is declared.
    const matrix::Case& case_of(const matrix::Cell& cell) const {
        return *std::find_if(cases_.begin(), cases_.end(),
                             [&](const auto& case_) { return case_.name == cell.case_name; });
    }

    std::string case_starts_later(const matrix::Cell& cell, const Side& side) const {
        return "case " + cell.case_name + " starts at torch " + case_of(cell).first_torch->text() +
               ", not at " + side.environment.torch;
    }

    /// Of which nothing can be said: torch was not asked there.
    static void reason_of_case_error(Judgement& judgement, const Side& side, const Outcome& outcome,
                                     const std::string& stage) {
        judgement.case_error = stage;
        judgement.verdict = Verdict::case_error;
        judgement.reasons = {CaseError{side.name, outcome::describe_case_error(outcome), ""},
                             RemedyOfCaseError{stage}};
    }

    /// Where the case failed before torch was asked, on one side at least. Only where nothing but
    /// torch differs is it torch's doing that one side came further.
    void compare_case_errors(const std::string& before, const std::string& after,
                             Judgement& judgement) const {
        const bool comes_from_torch = other_cause_.empty();
        const bool lost = !after.empty() && (before.empty() || is_later_stage(before, after));
        if (lost && comes_from_torch) {
            judgement.case_error = after;
            judgement.verdict = Verdict::regressed;
            judgement.reasons = {Difference{
                Direction::worse,
                FailsBeforeExport{true, after, outcome::describe_case_error(*judgement.observed)}}};
        } else if (after.empty() && comes_from_torch) {
            judgement.verdict = Verdict::improved;
            judgement.reasons = {Difference{
                Direction::better,
                FailsBeforeExport{false, "", outcome::describe_case_error(*judgement.expected)}}};
        } else {
            if (!after.empty()) {
                reason_of_case_error(judgement, result_.after, *judgement.observed, after);
            } else {
                reason_of_case_error(judgement, result_.before, *judgement.expected, before);
            }
            if (!other_cause_.empty()) judgement.reasons.emplace_back(PossibleCause{other_cause_});
        }
    }

    void appears(const std::string& case_error, Judgement& judgement) const {
        if (!case_error.empty())
            return reason_of_case_error(judgement, result_.after, *judgement.observed, case_error);
        judgement.verdict = Verdict::new_;
        judgement.expectation = case_starts_later(judgement.cell, result_.before);
        judgement.reasons = {NothingExpected{judgement.expectation}};
    }

    void disappears(Judgement& judgement) const {
        const bool exported = judgement.expected->status == Status::exported;
        judgement.verdict = exported ? Verdict::regressed : Verdict::changed;
        judgement.reasons = {
            Difference{exported ? Direction::worse : Direction::neither,
                       NoLongerThere{case_starts_later(judgement.cell, result_.after)}}};
    }

    void compare_both(const record::Observation& before, const record::Observation& after,
                      Judgement& judgement) {
        const matrix::Case& asked = case_of(judgement.cell);
        auto comparison =
            compare(*judgement.expected, *judgement.observed, {&asked, &judgement.cell});
        compare_saved_program(before, after, result_.before.environment, asked, judgement,
                              comparison, result_.programs);
        // That A's worker was a later one is said, and the rest is judged.
        judgement.verdict = comparison.verdict = verdict_of(comparison.differences);
        judgement.reasons = reasons_of(comparison);
        judgement.not_compared = std::move(comparison.not_compared);
        if (comparison.verdict != Verdict::as_expected) return;
        if (auto spelling = first_other_spelling(before, after)) {
            judgement.verdict = Verdict::cosmetic;
            result_.spellings.emplace(judgement.cell.name(), std::move(*spelling));
        }
    }

    Evidence before_;
    Evidence after_;
    std::span<const matrix::Case> cases_;
    std::string other_cause_;  // of what differs, besides torch; "" where there is none
    Upgrade& result_;
};

}  // namespace

Upgrade upgrade(const record::Record& a, const record::Record& b,
                std::span<const matrix::Case> cases, std::span<const matrix::Cell> selected,
                bool strict) {
    Upgrade result;
    result.before = side_of(a);
    result.after = side_of(b);
    name_apart(result.before, result.after);
    result.strict = strict;
    result.cases.assign(cases.begin(), cases.end());
    result.judged.environment = result.after.environment;
    Gate gate(a, b, cases, result);
    for (const auto& cell : selected)
        gate.judge(cell);
    gate.add_problems();
    settle(result);
    return result;
}

bool has_same_inputs(const Upgrade& upgrade) {
    return upgrade.before.inputs_digest == upgrade.after.inputs_digest;
}

std::string_view upgrade_label(Verdict verdict) {
    return verdict == Verdict::as_expected ? "same" : info(verdict).label;
}

bool is_to_review(const Judgement& judgement) {
    if (judgement.verdict == Verdict::changed) return true;
    if (judgement.verdict != Verdict::new_) return false;
    const auto& observed = judgement.observed;
    return !observed || observed->status != Status::exported ||
           std::any_of(observed->checks.begin(), observed->checks.end(),
                       [](const auto& check) { return check.status == CheckStatus::fail; });
}

bool blocks(const Judgement& judgement, bool strict) {
    return judgement.verdict == Verdict::regressed || (strict && is_to_review(judgement));
}

void settle(Upgrade& upgrade) {
    auto& judged = upgrade.judged;
    bool fails = !judged.failures.empty();
    bool cannot_judge = !judged.problems.empty();
    for (const auto& judgement : judged.judgements) {
        fails = fails || blocks(judgement, upgrade.strict);
        cannot_judge = cannot_judge || info(judgement.verdict).cannot_judge;
    }
    judged.exit_code = cannot_judge ? 2 : fails ? 1 : 0;
}

}  // namespace exportgate::verdict
