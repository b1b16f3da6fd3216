// The first case as a declaration, and observations of it, for tests.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "matrix/cell.h"
#include "outcome/outcome.h"
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

}  // namespace exportgate::outcome
