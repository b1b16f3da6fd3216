// A judged session as JSON, for other programs.
#pragma once

#include <string>

#include "bench/session.h"

namespace exportgate::bench {

/// {"verdict", "why", "comparisons": [{"benchmark", "verdict", "ratio", ...}], "same_code",
/// "not_compared"}; a number that is not known is null.
std::string to_json(const Session& session, const SessionResult& result);

}  // namespace exportgate::bench
