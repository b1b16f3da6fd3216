// The first case as a declaration, and observations of it, for tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/files.h"
#include "matrix/cell.h"
#include "outcome/outcome.h"
#include "record/check_table.h"
#include "record/observation.h"

namespace exportgate::outcome {

inline matrix::Case cache_case() {
    matrix::Case one;
    one.name = "my_cache";
    one.class_name = "DynamicCache";
    one.kinds = {matrix::Kind::plain};
    one.modes = {matrix::Mode::strict};
    one.dims_styles = {matrix::DimsStyle::named, matrix::DimsStyle::automatic,
                       matrix::DimsStyle::dynamic, matrix::DimsStyle::fixed};
    one.inputs = {{"x", {"batch", 8, 7, 1}, "float32"},
                  {"dc.key_cache[0]", {"batch", 8, "clength", 6}, "float32"},
                  {"dc.value_cache[0]", {"batch", 8, "clength", 6}, "float32"}};
    one.outputs = {{"y", {"batch", 8, 7, 6}, "float32"}};
    one.dims = {{"batch", 1, 1024}, {"clength", 1, 1024}};
    one.pairs = {{"b3c5", {{"batch", 3}, {"clength", 5}}},
                 {"b4c11", {{"batch", 4}, {"clength", 11}}}};
    one.steps.emplace().in_place = {"dc"};
    return one;
}

inline matrix::Cell cell(matrix::DimsStyle style = matrix::DimsStyle::named,
                         const std::string& pair = "b3c5") {
    return {"my_cache", matrix::Kind::plain, matrix::Mode::strict, style, pair};
}

inline record::Observation observed(decltype(record::Observation::result) result,
                                    const matrix::Cell& of = cell()) {
    return {of.name(), std::move(result), {{"total", 0.5}}, "printed"};
}

inline std::string recorded_print(const std::string& name, const std::string& torch = "2.13.0") {
    return read_file(EXPORTGATE_SOURCE_DIR "/tests/recordings/programs/" + torch + "/" + name +
                     ".txt")
        .value();
}

/// Of a worker that carries out all checks, in their first revision.
inline record::Revisions all_of_worker() {
    record::Revisions checks;
    for (const record::Check& check : record::check_table) {
        if (record::is_of_worker(check.name)) checks.emplace(check.name, 1);
    }
    return checks;
}

/// What all of them report where all is well.
inline std::vector<record::CheckObservation> all_passing() {
    std::vector<record::CheckObservation> checks;
    for (const record::Check& check : record::check_table) {
        if (record::is_of_worker(check.name))
            checks.push_back({std::string(check.name), CheckStatus::pass, {}});
    }
    return checks;
}

/// The one of `exported` that is called `name`.
inline record::CheckObservation& reported(record::Exported& exported, std::string_view name) {
    return *std::find_if(exported.checks.begin(), exported.checks.end(),
                         [&](const auto& check) { return check.name == name; });
}

/// With every check as it is where all is well.
inline record::Exported exported(std::string print) {
    record::Exported one;
    one.print = std::move(print);
    one.in_spec = {
        "tuple",
        "",
        {{"tuple",
          "",
          {{"*", "", {}}, {"DynamicCache", "['key_cache']", {{"list", "", {{"*", "", {}}}}}}}},
         {"dict", "[]", {}}}};
    one.out_spec = {"*", "", {}};
    one.loaded = one.decomposed = one.retraced = one.print;
    one.checks = all_passing();
    return one;
}

/// `text` with every `before` replaced.
inline std::string with(std::string text, const std::string& before, const std::string& after) {
    EXPECT_NE(text.find(before), std::string::npos) << before;
    for (std::size_t at = text.find(before); at != std::string::npos;
         at = text.find(before, at + after.size())) {
        text.replace(at, before.size(), after);
    }
    return text;
}

inline Outcome outcome_of(const record::Exported& one, const matrix::Cell& of = cell(),
                          const matrix::Case& asked = cache_case()) {
    const auto outcome = canonical(observed(one, of), asked, of, all_of_worker());
    EXPECT_TRUE(outcome) << to_string(outcome.error());
    return outcome.value();
}

}  // namespace exportgate::outcome
