#include <algorithm>

#include "outcome/case_error.h"
#include "verdict/evidence.h"
#include "verdict/verdict.h"

namespace exportgate::verdict {
namespace {

class Judge {
  public:
    Judge(const record::Record& record, std::span<const matrix::Case> cases,
          std::span<const golden::Golden> goldens)
        : record_(record), evidence_(record, cases), goldens_(goldens) {
        judged_.environment = record.header.environment;
        judged_.problems = evidence_.problems();
    }

    void judge(const matrix::Cell& cell) {
        auto seen = evidence_.of(cell);
        if (!seen.observation && !evidence_.is_declared(cell)) return;
        Judgement judgement{};
        judgement.cell = cell;
        judgement.verdict = Verdict::unobserved;
        judgement.seconds = seen.seconds;
        if (seen.observation != nullptr) judgement.taken_from = seen.observation->taken_from;
        judge(std::move(seen), judgement);
        judged_.judgements.push_back(std::move(judgement));
    }

    Judged finish() {
        if (judged_.judgements.empty()) {
            judged_.problems.push_back(
                {record_.file, 0, "no cell was judged",
                 "select cells that are declared for torch " + judged_.environment.torch});
        }
        add_problems(judged_, {});
        return std::move(judged_);
    }

  private:
    void judge(CellEvidence seen, Judgement& judgement) const {
        const auto name = judgement.cell.folder();
        const auto golden = std::find_if(goldens_.begin(), goldens_.end(),
                                         [&](const auto& g) { return g.case_name == name; });
        if (golden != goldens_.end()) expect(*golden, judgement);
        if (!seen.outcome) {
            judgement.reasons.emplace_back(Obstacle{"", std::move(seen.obstacle)});
            return;
        }
        if (golden == goldens_.end()) {
            judgement.reasons.emplace_back(
                Obstacle{"", "the goldens of case " + name + " could not be loaded"});
            return;
        }
        judgement.observed = std::move(seen.outcome);
        if (!seen.case_error.empty()) {
            judgement.case_error = std::move(seen.case_error);
            judgement.verdict = Verdict::case_error;
            judgement.reasons = {
                CaseError{"", outcome::describe_case_error(*judgement.observed), seen.place},
                RemedyOfCaseError{judgement.case_error}};
            return;
        }
        if (!judgement.expected) {
            judgement.verdict = Verdict::new_;
            judgement.reasons.emplace_back(NothingExpected{judgement.expectation});
            if (!seen.place.empty()) judgement.reasons.emplace_back(PossibleCause{seen.place});
            return;
        }
        auto comparison =
            compare(*judgement.expected, *judgement.observed, {seen.asked, &judgement.cell});
        judgement.verdict = comparison.verdict;
        judgement.reasons = reasons_of(comparison);
        if (judgement.verdict != Verdict::as_expected && !seen.place.empty())
            judgement.reasons.emplace_back(PossibleCause{seen.place});
        judgement.not_compared = std::move(comparison.not_compared);
    }

    void expect(const golden::Golden& golden, Judgement& judgement) const {
        auto expectation = golden::expected(golden, judgement.cell, judged_.environment);
        judgement.expectation = std::move(expectation.explanation);
        if (!expectation.row) return;
        judgement.expected = expectation.row->outcome;
        judgement.inherited_from = std::move(expectation.inherited_from);
        judgement.since = expectation.row->since.text();
        judgement.when = expectation.row->when;
        judgement.file = expectation.row->file;
        judgement.why = expectation.row->why;
    }

    const record::Record& record_;
    Evidence evidence_;
    std::span<const golden::Golden> goldens_;
    Judged judged_;
};

}  // namespace

Judged judge(const record::Record& record, std::span<const matrix::Case> cases,
             std::span<const golden::Golden> goldens, std::span<const matrix::Cell> selected) {
    Judge judge_(record, cases, goldens);
    for (const auto& cell : selected)
        judge_.judge(cell);
    return judge_.finish();
}

}  // namespace exportgate::verdict
