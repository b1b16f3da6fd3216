#include "bench/comparison_json.h"

#include <nlohmann/json.hpp>

#include "bench/gate.h"
#include "record/record_json.h"

namespace exportgate::bench {
namespace {

using JsonObject = nlohmann::ordered_json;

JsonObject json_of_comparison(const Comparison& one) {
    // nlohmann writes a NaN as null.
    JsonObject json{{"benchmark", one.name.text},
                    {"verdict", to_text(one.verdict)},
                    {"ratio", one.ratio},
                    {"low", one.low},
                    {"high", one.high},
                    {"coverage", one.coverage},
                    {"threshold", one.threshold},
                    {"measured_ns", one.measured_ns},
                    {"against_ns", one.against_ns},
                    {"launch_ratios", one.launch_ratios},
                    {"fresh_launch_ratios", one.fresh_launch_ratios}};
    if (!one.why.empty()) json["why"] = one.why;
    if (one.launches_to_settle > 0) json["launches_to_settle"] = one.launches_to_settle;
    return json;
}

JsonObject json_of_comparisons(const std::vector<Comparison>& comparisons) {
    JsonObject all = JsonObject::array();
    for (const Comparison& one : comparisons)
        all.push_back(json_of_comparison(one));
    return all;
}

JsonObject json_of_judged_side(const SessionSide& side) {
    return {{"environment", record::json_of(side.environment)}, {"cases", side.cases}};
}

}  // namespace

std::string to_json(const Session& session, const SessionResult& result) {
    JsonObject not_compared = JsonObject::array();
    for (const NotCompared& one : result.not_compared)
        not_compared.push_back({{"benchmark", one.name.text}, {"reason", one.reason}});
    const JsonObject json{{"verdict", to_text(result.verdict)},
                          {"why", result.why},
                          {"made_by", session.made_by},
                          {"date", session.date},
                          {"measured", json_of_judged_side(session.measured)},
                          {"against", json_of_judged_side(session.against)},
                          {"launches", session.launches},
                          {"pairs", session.pairs},
                          {"block_ns", session.block_ns},
                          {"cpu", session.cpu},
                          {"seed", session.seed},
                          {"comparisons", json_of_comparisons(result.comparisons)},
                          {"same_code", json_of_comparisons(result.same_code)},
                          {"not_compared", std::move(not_compared)}};
    return json.dump(1, ' ', false, JsonObject::error_handler_t::replace) + "\n";
}

}  // namespace exportgate::bench
