// `exportgate bench --against FILE`: numbers that were measured at another time. They are shown
// beside each other, with a warning, and gate nothing.
#pragma once

#include <filesystem>

#include "bench.h"
#include "ended.h"

namespace exportgate::cli {

/// The last measurements of the environment (bench_file()) beside those in `file`. 0; 2 where one
/// of them cannot be read, or they are not of one machine.
Ended show_against_stored(const BenchOptions& options, const std::filesystem::path& file);

}  // namespace exportgate::cli
