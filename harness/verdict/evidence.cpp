#include "verdict/evidence.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <vector>

#include "outcome/case_error.h"
#include "outcome/checks.h"

namespace exportgate::verdict {
namespace {

double seconds_of(const record::Observation& observation) {
    const auto& timings = observation.timings_s;
    if (const auto total = timings.find("total"); total != timings.end()) return total->second;
    return std::accumulate(timings.begin(), timings.end(), 0.0,
                           [](double sum, const auto& timing) { return sum + timing.second; });
}

}  // namespace

Evidence::Evidence(const record::Record& record, std::span<const matrix::Case> cases)
    : record_(record) {
    for (const auto& observation : record.observations)
        observations_.emplace(observation.cell, &observation);
    for (const auto& case_ : cases)
        contexts_.emplace(case_.name, context_of(case_));
    if (!record.footer.complete) {
        problem("the record is incomplete: " +
                    (record.footer.reason.empty() ? "it has no footer" : record.footer.reason),
                "run again");
    }
    find_undeclared(cases);
}

Evidence::CaseContext Evidence::context_of(const matrix::Case& asked) {
    CaseContext context;
    context.asked = &asked;
    if (const auto torch = TorchVersion::parse(record_.header.environment.torch);
        torch && asked.first_torch) {
        context.is_declared = *asked.first_torch <= *torch;
    }
    const auto& recorded = record_.header.cases;
    const auto same_name = std::find_if(recorded.begin(), recorded.end(),
                                        [&](const auto& c) { return c.name == asked.name; });
    context.carried_out = outcome::of_consumers_asked_for(
        record_.header.checks, same_name != recorded.end() ? *same_name : matrix::Case());
    if (same_name != recorded.end() && !same_name->asks_the_same(asked)) {
        context.obstacle = "recorded with another declaration of case " + asked.name;
        problem(context.obstacle, "run again");
    }
    return context;
}

void Evidence::find_undeclared(std::span<const matrix::Case> cases) {
    std::set<std::string> declared;
    for (const auto& cell : matrix::cells_of(cases))
        declared.insert(cell.name());
    std::vector<std::string> undeclared;
    for (const auto& observation : record_.observations) {
        if (!declared.contains(observation.cell)) undeclared.push_back(observation.cell);
    }
    if (undeclared.empty()) return;
    problem(std::to_string(undeclared.size()) +
                " observed cells are not declared by any case, the first is " + undeclared.front(),
            "run again");
}

bool Evidence::is_declared(const matrix::Cell& cell) const {
    const auto found = contexts_.find(cell.case_name);
    return found == contexts_.end() || found->second.is_declared;
}

CellEvidence Evidence::of(const matrix::Cell& cell) const {
    CellEvidence evidence;
    if (const auto found = observations_.find(cell.name()); found != observations_.end()) {
        evidence.observation = found->second;
        evidence.seconds = seconds_of(*evidence.observation);
    }
    const auto context = contexts_.find(cell.case_name);
    if (context != contexts_.end()) evidence.asked = context->second.asked;
    if (context == contexts_.end()) {
        evidence.obstacle = "case " + cell.case_name + " is not declared";
    } else if (!context->second.obstacle.empty()) {
        evidence.obstacle = context->second.obstacle;
    } else if (!evidence.observation) {
        const std::string& shard = record_.header.shard;
        evidence.obstacle = shard.empty() ? "the record does not hold this cell"
                                          : "the record is shard " + shard +
                                                ", without this cell: merge the shards first";
    } else if (auto outcome = outcome::canonical(*evidence.observation, *context->second.asked,
                                                 cell, context->second.carried_out)) {
        evidence.case_error =
            outcome::case_error(*outcome, *context->second.asked, cell).value_or("");
        const auto* rejected = std::get_if<record::Rejected>(&evidence.observation->result);
        if (rejected != nullptr) evidence.place = rejected->place;
        evidence.outcome = std::move(*outcome);
    } else {
        const auto* unobserved = std::get_if<record::Unobserved>(&evidence.observation->result);
        evidence.obstacle = unobserved ? unobserved->reason : to_string(outcome.error());
        if (evidence.obstacle.empty()) evidence.obstacle = "not observed";
    }
    return evidence;
}

void Evidence::problem(std::string what, std::string remedy) {
    problems_.push_back({record_.file, 0, std::move(what), std::move(remedy)});
}

}  // namespace exportgate::verdict
