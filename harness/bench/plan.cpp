#include "bench/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "matrix/name_pattern.h"
#include "record/record_file.h"

namespace exportgate::bench {

namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr int plan_format = 1;

bool is_glob(std::string_view text) {
    return text.find_first_of("*?[") != std::string_view::npos;
}

/// Those of `cases` that `pattern` names, by their indices.
std::vector<std::size_t> named_by(const std::string& pattern, std::span<const matrix::Case> cases) {
    const std::string case_pattern = pattern.substr(0, pattern.find('/'));
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        if (is_glob(case_pattern) && !cases[i].bench) continue;
        if (matrix::name_matches(case_pattern, cases[i].name)) found.push_back(i);
    }
    return found;
}

Error names_no_case(const std::string& pattern, std::span<const matrix::Case> cases) {
    std::vector<std::string> known;
    std::vector<std::string> timed;
    for (const matrix::Case& one : cases) {
        known.push_back(one.name);
        if (one.bench) timed.push_back(one.name);
    }
    const std::string near = closest(pattern.substr(0, pattern.find('/')), known);
    const std::string remedy =
        near.empty() ? (timed.empty() ? "`exportgate list` shows the cases"
                                      : fmt::format("cases with a [bench]: {}", join(timed, ", ")))
                     : fmt::format("did you mean \"{}\"?", near);
    return {"", 0, fmt::format("no case is named by \"{}\"", pattern), remedy};
}

std::vector<int> layers_of(const matrix::Case& one, Layers layers) {
    if (!one.bench) return {};
    return layers == Layers::gated ? one.bench->gate : one.bench->layers;
}

}  // namespace

Result<Plan> plan(std::span<const matrix::Case> cases, std::span<const std::string> patterns,
                  Layers layers) {
    std::vector<bool> chosen(cases.size(), false);
    Plan made;
    for (const std::string& pattern : patterns) {
        const std::vector<std::size_t> named = named_by(pattern, cases);
        if (named.empty()) return tl::unexpected(names_no_case(pattern, cases));
        for (const std::size_t i : named)
            chosen[i] = true;
        made.names.push_back(pattern.find('/') == std::string::npos ? pattern + "/*" : pattern);
    }
    if (patterns.empty()) {
        for (std::size_t i = 0; i < cases.size(); ++i)
            chosen[i] = cases[i].bench.has_value();
    }
    for (std::size_t i = 0; i < cases.size(); ++i) {
        if (chosen[i]) made.cases.push_back({cases[i], layers_of(cases[i], layers)});
    }
    if (made.cases.empty()) {
        return tl::unexpected(Error{"", 0, "no case has a [bench] in its case.toml",
                                    "name a case, or write one (cases/README.md)"});
    }
    return made;
}

std::string to_json(const Plan& plan) {
    OrderedJson cases = OrderedJson::array();
    for (const PlannedCase& one : plan.cases) {
        cases.push_back({{"name", one.declared.name},
                         {"directory", one.declared.directory.string()},
                         {"declaration", OrderedJson::parse(record::to_json(one.declared))},
                         {"layers", one.layers}});
    }
    const OrderedJson json{{"format", plan_format},
                           {"environment", plan.environment},
                           {"exportgate", plan.exportgate},
                           {"digest", plan.digest},
                           {"seed", plan.seed},
                           {"cases", std::move(cases)},
                           {"names", plan.names}};
    return json.dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

double threshold_of(const matrix::Case& case_, const Name& name) {
    if (!case_.bench) return matrix::Bench{}.threshold;
    double threshold = case_.bench->threshold;
    const std::string without_case = name.text.substr(name.text.find('/') + 1);
    for (const auto& [glob, value] : case_.bench->thresholds) {
        if (glob_matches(glob, without_case)) threshold = value;
    }
    return threshold;
}

}  // namespace exportgate::bench
