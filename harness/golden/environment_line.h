// An environment as one line of JSON: the comment line of a pending file.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "record/observation.h"

namespace exportgate::golden {

std::string print_environment(const record::Environment& environment);

/// Error (what only): not JSON, or a member that is missing or of another type.
Result<record::Environment> parse_environment(std::string_view json);

}  // namespace exportgate::golden
