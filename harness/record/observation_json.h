// An observation as JSON: one line of a record file, and one message of a child.
#pragma once

#include <nlohmann/json.hpp>

#include "record/json_input.h"
#include "record/observation.h"

namespace exportgate::record {

/// Of a pytree's structure, at most as deep as Python nests. Notes a mistake where it is none.
SpecNode spec_from(Json& json, int depth, Mistake& mistake);

/// Moves the strings out of `json`. Notes a mistake where it is no observation.
Observation observation_from(Json& json, Mistake& mistake);

nlohmann::ordered_json json_of(const Observation& observation);

/// Notes a mistake where a check is none that a worker carries out, or a revision is less than 1.
Revisions revisions_from(const Json& json, Mistake& mistake);

}  // namespace exportgate::record
