// A session of the gate: two sides timed against each other in pairs of blocks, launch by launch,
// raw; and what judge() makes of it. A session file holds all that judging takes, so any verdict
// can be computed again without running anything.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bench/name.h"
#include "record/observation.h"

namespace exportgate::bench {

/// Two blocks of the same number of calls that ran one after the other, in random order, on one
/// CPU. Whole blocks, in ns.
struct Pair {
    std::int64_t measured_ns = 0;
    std::int64_t against_ns = 0;

    bool operator==(const Pair&) const = default;
};

/// What one launch, that is fresh processes, timed of one benchmark.
struct LaunchPairs {
    int launch = 0;               // counted from 0 in the order in which the launches ran
    std::int64_t iterations = 0;  // calls in each block of this launch
    std::vector<Pair> pairs;

    bool operator==(const LaunchPairs&) const = default;
};

/// One benchmark in all launches. The reasons are empty where there is nothing to say.
struct Series {
    Name name;
    double threshold = 1.05;         // a ratio above it is slower
    std::vector<LaunchPairs> first;  // of the launches in which every benchmark is timed
    std::vector<LaunchPairs> fresh;  // of those in which it was timed again
    std::string not_measured;        // why it is not available on the measured side
    std::string not_against;         // why it is not available on the other
    std::string failed;  // what ended its timing: a worker that died, a Python exception

    bool operator==(const Series&) const = default;
};

struct SessionSide {
    record::Environment environment;
    std::string cases;                           // the folder of its cases, as it was named
    std::map<std::string, std::string> context;  // what its worker says of itself and the machine
};

struct Session {
    std::string made_by;  // "exportgate 0.1.0"
    std::string date;     // when it began: "2026-11-25T16:02:11Z"
    bool complete = false;
    std::string reason;  // why it is not, where it is not: "interrupted"
    SessionSide measured;
    SessionSide against;
    std::int64_t seed = 0;      // order of blocks, hash seeds and environment sizes derive from it
    int launches = 5;           // in the first stage, and as many fresh ones in the second
    int pairs = 20;             // per benchmark and launch
    std::int64_t block_ns = 0;  // how long a block was meant to take
    int cpu = 0;                // on which all timing was done
    std::vector<Series> benchmarks;
    std::vector<Series> same_code;  // `measured` is here a second process of the other side
};

enum class Speed { faster, same, slower, inconclusive };

/// One benchmark, judged. NaN where it could not be timed.
struct Comparison {
    Name name;
    Speed verdict = Speed::inconclusive;
    double ratio;  // measured / against: median of the launches' medians; > 1 is slower
    double low;    // interval of the ratio, at `coverage`
    double high;
    double coverage;
    double threshold = 1.05;
    double measured_ns;  // per call: median over launches of the median block
    double against_ns;
    std::vector<double> launch_ratios;        // of the first launches
    std::vector<double> fresh_launch_ratios;  // empty: it was not run again
    std::string why;  // of an inconclusive one why, of another what is notable; first line first
    int launches_to_settle = 0;  // of an inconclusive one; 0: more launches are not the remedy
};

/// Not compared, and no mistake: neither side has it, or only the measured one.
struct NotCompared {
    Name name;
    std::string reason;
};

enum class SessionVerdict {
    good,          // nothing is slower
    slower,        // at least one benchmark is
    inconclusive,  // nothing is slower, and of at least one benchmark that cannot be said
    void_session,  // the same code did not come out as the same: nothing here counts
    incomplete,    // interrupted: never judged
};

struct SessionResult {
    std::vector<Comparison> comparisons;  // in the order of the session
    std::vector<Comparison> same_code;
    std::vector<NotCompared> not_compared;
    SessionVerdict verdict = SessionVerdict::incomplete;
    std::string why;  // one line, in words

    bool is_void() const {
        return verdict == SessionVerdict::void_session;
    }
};

}  // namespace exportgate::bench
