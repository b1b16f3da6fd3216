// What a record's header says of its environment and of the cases that were asked, as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "record/json_input.h"
#include "record/observation.h"

namespace exportgate::record {

/// Notes a mistake where the declaration cannot be used: unknown words, a shape with a dim that is
/// not declared, a pair that does not bind every dim.
matrix::Case case_from(Json& json, Mistake& mistake);
nlohmann::ordered_json json_of(const matrix::Case& case_);

/// `name` may be missing: a worker does not know what its environment is called.
Environment environment_from(Json& json, Mistake& mistake);
nlohmann::ordered_json json_of(const Environment& environment);

}  // namespace exportgate::record
