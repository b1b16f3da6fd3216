#include "run/unchanged.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "record/check_table.h"
#include "run/digest.h"
#include "run/environment_digest.h"
#include "run/needs.h"

namespace exportgate::run {

namespace {

/// Whether `checks` (empty: all that the worker can) are those that the record has.
bool carried_out_what_is_asked(const record::Header& header,
                               const std::vector<std::string>& checks) {
    const auto is_asked = [&](const std::string& name) {
        return checks.empty() || std::find(checks.begin(), checks.end(), name) != checks.end();
    };
    const auto& left_out = header.checks_left_out;
    return std::none_of(left_out.begin(), left_out.end(), is_asked) &&
           std::all_of(header.checks.begin(), header.checks.end(),
                       [&](const auto& check) { return is_asked(check.first); });
}

std::string what_changed(const record::Ingredient& ingredient) {
    switch (ingredient.kind) {
        case record::IngredientKind::file:
            return ingredient.name + " changed";
        case record::IngredientKind::modules:
            return "the modules in " + ingredient.name;
        case record::IngredientKind::names:
            return "the names in " + ingredient.name;
        case record::IngredientKind::variable:
            return ingredient.name == "*" ? "the names of all variables"
                                          : "the variable " + ingredient.name;
        case record::IngredientKind::unknown:
            return ingredient.name;
    }
    return "";
}

/// The machine may have been busy: what a check would have said is not known.
bool has_a_check_that_did_not_end(const record::Observation& observation) {
    const auto* exported = std::get_if<record::Exported>(&observation.result);
    if (exported == nullptr) return false;
    for (const record::CheckObservation& check : exported->checks) {
        for (const std::string& reason : check.reasons) {
            // The words of exportgate_worker/check_process.py.
            if (record::is_timeout(reason) ||
                reason.find("crashed: signal ") != std::string::npos ||
                reason.find("ended without a result") != std::string::npos)
                return true;
        }
    }
    return false;
}

/// What it needs may have been installed since.
bool has_a_consumer_that_was_not_available(const record::Observation& observation) {
    const auto* exported = std::get_if<record::Exported>(&observation.result);
    if (exported == nullptr) return false;
    return std::any_of(exported->checks.begin(), exported->checks.end(), [](const auto& check) {
        return record::is_consumer(check.name) && !check.reasons.empty() &&
               check.reasons.front().starts_with("not available");
    });
}

}  // namespace

Unchanged::Unchanged(const record::Record& earlier, std::span<const matrix::Case> cases,
                     const Options& options, const std::string& made_by)
    : earlier_(earlier), cases_(cases), options_(options), now_(cases, options.worker) {
    for_all_ = reason_for_all(made_by);
}

std::string Unchanged::reason_for_all(const std::string& made_by) const {
    const record::Header& header = earlier_.header;
    // One that was cut was not ended by anybody who knew what it holds.
    if (!earlier_.footer.complete && earlier_.footer.reason != "interrupted")
        return "the record is not complete";
    if (!header.made_of || header.observed_at.empty())
        return "the record does not say what its cells were made of";
    if (header.made_by != made_by) return "another exportgate made the record";
    if (header.environment.name != options_.environment) return "another environment";
    if (header.seed != options_.seed) return "another seed";
    if (header.made_of->timeout_s != options_.timeout.count() ||
        header.made_of->check_timeout_s != options_.check_budget.count())
        return "other limits of time";
    if (!carried_out_what_is_asked(header, options_.checks)) return "other checks";
    const Result<std::string> worker = worker_digest(options_.worker);
    if (!worker || *worker != header.made_of->worker) return "the worker changed";
    const std::string environment = environment_digest(options_.worker, any_time);
    if (environment.empty() || environment != header.made_of->environment ||
        !is_built_for(options_.worker, header.environment))
        return "the environment changed";
    return "";
}

std::string Unchanged::reason_of_case(const std::string& name) {
    const auto of_name = [&](const matrix::Case& each) { return each.name == name; };
    const auto declared = std::find_if(cases_.begin(), cases_.end(), of_name);
    const auto& before = earlier_.header.cases;
    const auto recorded = std::find_if(before.begin(), before.end(), of_name);
    const auto& digests = earlier_.header.made_of->cases;
    const auto digest = digests.find(matrix::folder_of(name));
    if (declared == cases_.end() || recorded == before.end() || digest == digests.end() ||
        record::to_json(*declared) != record::to_json(*recorded)) {
        const bool asks_others = declared != cases_.end() && recorded != before.end() &&
                                 declared->consumers != recorded->consumers;
        return asks_others ? "other consumers" : "the case " + name + " changed";
    }
    // A value of a parameter may require more than it did; case.toml is not read for that.
    if (!what_is_missing(*declared, earlier_.header.environment).empty())
        return "the environment lacks what it requires";
    const Result<std::string> now = case_digest(*declared, options_.worker);
    return now && *now == digest->second ? "" : "the case " + name + " changed";
}

std::string Unchanged::reason(const matrix::Cell& cell) {
    if (!for_all_.empty()) return for_all_;
    const record::Observation* seen = earlier_.find(cell.name());
    if (seen == nullptr) return "not in the record";
    if (std::holds_alternative<record::Unobserved>(seen->result)) return "it was not observed";
    if (!seen->made_of) return "it did not say what it was made of";
    if (has_a_check_that_did_not_end(*seen)) return "a check did not end";
    if (has_a_consumer_that_was_not_available(*seen)) return "a consumer was not available";
    const auto [at, is_new] = cases_looked_at_.try_emplace(cell.case_name);
    if (is_new) at->second = reason_of_case(cell.case_name);
    if (!at->second.empty()) return at->second;
    for (const record::Ingredient& ingredient : *seen->made_of) {
        if (!now_.is_same(ingredient)) return what_changed(ingredient);
    }
    return "";
}

}  // namespace exportgate::run
