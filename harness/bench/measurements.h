// The file that `exportgate bench` keeps: Google Benchmark's own JSON, as values.
#pragma once

#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "bench/name.h"

namespace exportgate::bench {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

struct Timing {
    Name name;
    double real_time_ns = unknown;   // of one call
    double leaves = unknown;         // of the cache
    double allocations = unknown;    // of one call
    double flatten_share = unknown;  // 0 to 1: how much of a call of a program is flatten
    double flattens = unknown;       // how often a call of a program flattens the cache
    double spread = unknown;         // half of longest minus shortest repetition, over the median
    std::size_t repetitions = 0;     // of which real_time_ns is the median
    std::string reason;              // why it is not available; then all numbers are unknown

    bool is_available() const {
        return reason.empty();
    }
    double time_per_leaf_ns() const {
        return leaves > 0 ? real_time_ns / leaves : unknown;
    }
};

struct Measurements {
    std::map<std::string, std::string> context;  // exportgate, environment, torch, machine, ...
    std::string date;                            // as Google Benchmark writes it
    std::vector<Timing> timings;  // in the order of the file; last what is not available
};

/// A file that exportgate-bench wrote. Of repetitions the median of each number is taken; Google
/// Benchmark's own aggregates are passed over, unless the file has nothing else (then its median).
/// Errors: no such file, not Google Benchmark's, not exportgate-bench's, incomplete (interrupted).
Result<Measurements> read_measurements(const std::filesystem::path& path);

/// The same of a text; `file` is what messages call it.
Result<Measurements> parse_measurements(std::string_view text, const std::string& file);

/// What `timing` is compared with, measured in the same process; null where the file has none.
const Timing* floor_of(const Measurements& measurements, const Timing& timing);

/// `timing` over its floor; unknown where one of the two is.
double times_floor(const Measurements& measurements, const Timing& timing);

}  // namespace exportgate::bench
