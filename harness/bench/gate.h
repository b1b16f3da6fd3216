// The rule of the gate, as pure functions of a session. docs/benchmarks.md says why it is this
// rule, and ci/calibrate measures how often it is wrong.
//
//   launch ratio   median over the launch's pairs of measured / against
//   ratio          median of the launch ratios
//   slower         the ratio is above the threshold in the first launches, and in as many fresh
//                  ones again; faster: below 1 / threshold, likewise
//   inconclusive   the interval of the ratio reaches a slowdown of threshold^2, in fresh launches
//                  too; or only the fresh launches are above the threshold; or it was not timed as
//                  asked
//   same           otherwise
//
// Which benchmarks are run again follows from the first launches (needs_fresh_launches()). The
// ratio and the interval of one that was run again are those of the fresh launches alone: the first
// ones were chosen for what they showed.
#pragma once

#include <string_view>
#include <vector>

#include "bench/session.h"

namespace exportgate::bench {

/// The least number of launches that can be judged: with five, the smallest and the largest ratio
/// enclose the true median with a probability of 93.75%.
inline constexpr int least_launches = 5;

/// The medians of the pairs' ratios.
std::vector<double> launch_ratios(const std::vector<LaunchPairs>& launches);

/// After the first launches: over the line, or not to be told from it, and so to be run again.
bool needs_fresh_launches(const Series& series);

/// `launches`: how many the session asked for, in each stage.
Comparison compare(const Series& series, int launches);

/// The session is void where a same-code comparison is not `same`, or where there is none; it is
/// inconclusive where nothing could be compared. Never throws, whatever the session holds.
SessionResult judge(const Session& session);

/// "slower", "void"
std::string_view to_text(Speed verdict);
std::string_view to_text(SessionVerdict verdict);

/// 0 good, 1 slower, 2 void or inconclusive, 130 incomplete.
int exit_code(SessionVerdict verdict);

}  // namespace exportgate::bench
