// What the JSON reports spell alike, as docs/schemas/report.schema.json says.
#pragma once

#include <nlohmann/json.hpp>

#include "verdict/verdict.h"

namespace exportgate::report {

using Json = nlohmann::ordered_json;

Json json_of(const Errors& errors);
Json json_of(const record::Environment& environment);
Json json_of(const outcome::Outcome& outcome);
Json digests_of(const outcome::Outcome& outcome);
Json json_of(const std::vector<verdict::NotCompared>& checks);
Json json_of(const verdict::Waived& waiver);
Json json_of(const matrix::Cell& cell);

}  // namespace exportgate::report
