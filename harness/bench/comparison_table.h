// A judged session as people read it in a terminal.
#pragma once

#include <string>

#include "bench/session.h"

namespace exportgate::bench {

/// What was timed against what; a row for each comparison, slower ones first, with ratio, interval
/// and ns per call of both sides; of those that are the same only how many and between which ratios
/// unless `all`; the same-code pairs; what was not compared and why. The last line is the verdict.
std::string comparison_table(const Session& session, const SessionResult& result, bool all);

}  // namespace exportgate::bench
