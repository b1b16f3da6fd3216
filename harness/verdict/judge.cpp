#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "base/text.h"
#include "verdict/verdict.h"

namespace exportgate::verdict {
namespace {

/// What is the same for all cells of a case.
struct CaseContext {
    const matrix::Case* asked = nullptr;
    const golden::Golden* golden = nullptr;  // null: could not be loaded
    std::string obstacle;       // why none of its cells can be judged; empty where they can
    bool declared_here = true;  // false: first_torch is later than the record's torch
};

class Judge {
  public:
    Judge(const record::Record& record, std::span<const matrix::Case> cases,
          std::span<const golden::Golden> goldens)
        : record_(record) {
        judged_.environment = record.header.environment;
        for (const auto& observation : record.observations)
            observations_.emplace(observation.cell, &observation);
        for (const auto& case_ : cases)
            contexts_.emplace(case_.name, context_of(case_, goldens));
        if (!record.footer.complete) {
            problem("the record is incomplete: " +
                        (record.footer.reason.empty() ? "it has no footer" : record.footer.reason),
                    "run again");
        }
        find_undeclared(cases);
    }

    void judge(const matrix::Cell& cell) {
        const auto found = contexts_.find(cell.case_name);
        const auto observed = observations_.find(cell.name());
        const auto* observation = observed == observations_.end() ? nullptr : observed->second;
        if (!observation && found != contexts_.end() && !found->second.declared_here) return;
        Judgement judgement{};
        judgement.cell = cell;
        judgement.verdict = Verdict::unobserved;
        if (observation) judgement.seconds = seconds_of(*observation);
        if (found == contexts_.end()) {
            judgement.reasons.push_back("case " + cell.case_name + " is not declared");
        } else {
            judge(found->second, observation, judgement);
        }
        judged_.judgements.push_back(std::move(judgement));
    }

    Judged finish() {
        if (judged_.judgements.empty())
            problem("no cell was judged",
                    "select cells that are declared for torch " + judged_.environment.torch);
        add_problems(judged_, {});
        return std::move(judged_);
    }

  private:
    CaseContext context_of(const matrix::Case& asked, std::span<const golden::Golden> goldens) {
        CaseContext context;
        context.asked = &asked;
        const auto golden = std::find_if(goldens.begin(), goldens.end(),
                                         [&](const auto& g) { return g.case_name == asked.name; });
        if (golden != goldens.end()) {
            context.golden = &*golden;
        } else {
            context.obstacle = "the goldens of case " + asked.name + " could not be loaded";
        }
        if (const auto torch = TorchVersion::parse(record_.header.environment.torch);
            torch && asked.first_torch) {
            context.declared_here = *asked.first_torch <= *torch;
        }
        const auto& recorded = record_.header.cases;
        const auto same_name = std::find_if(recorded.begin(), recorded.end(),
                                            [&](const auto& c) { return c.name == asked.name; });
        if (same_name != recorded.end() && !same_name->asks_the_same(asked)) {
            context.obstacle = "recorded with another declaration of case " + asked.name;
            problem(context.obstacle, "run again");
        }
        return context;
    }

    /// A cell that was renamed or removed must not fall silently out of the gate.
    void find_undeclared(std::span<const matrix::Case> cases) {
        std::set<std::string> declared;
        for (const auto& cell : matrix::cells_of(cases))
            declared.insert(cell.name());
        std::vector<std::string> undeclared;
        for (const auto& observation : record_.observations) {
            if (!declared.contains(observation.cell)) undeclared.push_back(observation.cell);
        }
        if (undeclared.empty()) return;
        problem(std::to_string(undeclared.size()) +
                    " observed cells are not declared by any case, the first is " +
                    undeclared.front(),
                "run again");
    }

    void judge(const CaseContext& context, const record::Observation* observation,
               Judgement& judgement) const {
        if (context.golden) expect(*context.golden, judgement);
        if (!context.obstacle.empty()) {
            judgement.reasons.push_back(context.obstacle);
            return;
        }
        if (!observation) {
            judgement.reasons.emplace_back("the record does not hold this cell");
            return;
        }
        auto observed = outcome::canonical(*observation, *context.asked, judgement.cell);
        if (!observed) {
            const auto* unobserved = std::get_if<record::Unobserved>(&observation->result);
            judgement.reasons.push_back(unobserved ? unobserved->reason
                                                   : to_string(observed.error()));
            return;
        }
        judgement.observed = std::move(*observed);
        if (!judgement.expected) {
            judgement.verdict = Verdict::new_;
            judgement.reasons.push_back(judgement.expectation);
            return;
        }
        auto comparison = compare(*judgement.expected, *judgement.observed);
        judgement.verdict = comparison.verdict;
        for (auto* list : {&comparison.worse, &comparison.better, &comparison.other}) {
            judgement.reasons.insert(judgement.reasons.end(), list->begin(), list->end());
        }
    }

    void expect(const golden::Golden& golden, Judgement& judgement) const {
        auto expectation = golden::expected(golden, judgement.cell, judged_.environment);
        judgement.expectation = std::move(expectation.explanation);
        if (!expectation.row) return;
        judgement.expected = expectation.row->outcome;
        judgement.since = expectation.row->since.text();
        judgement.when = expectation.row->when;
        judgement.file = expectation.row->file;
        judgement.why = expectation.row->why;
    }

    static double seconds_of(const record::Observation& observation) {
        const auto& timings = observation.timings_s;
        if (const auto total = timings.find("total"); total != timings.end()) return total->second;
        return std::accumulate(timings.begin(), timings.end(), 0.0,
                               [](double sum, const auto& timing) { return sum + timing.second; });
    }

    void problem(std::string what, std::string remedy) {
        judged_.problems.push_back({record_.file, 0, std::move(what), std::move(remedy)});
    }

    const record::Record& record_;
    std::map<std::string_view, const record::Observation*> observations_;
    std::map<std::string, CaseContext> contexts_;
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
