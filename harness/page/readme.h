// The table of benchmarks within a README, between two markers.
#pragma once

#include <span>
#include <string>

#include "bench/measurements.h"

namespace exportgate::page {

inline constexpr std::string_view readme_begin = "<!-- exportgate:benchmarks -->";
inline constexpr std::string_view readme_end = "<!-- /exportgate:benchmarks -->";

/// Flatten and unflatten of every case: kinds x implementations x layers, in ns per leaf and times
/// the floor, a part for each of `measurements`.
std::string readme_tables(std::span<const bench::Measurements> measurements);

/// `text` with the tables between its markers. Errors: a marker is missing, or there twice, or they
/// are in the wrong order; there are no measurements.
Result<std::string> fill_readme(const std::string& text, const std::string& file,
                                std::span<const bench::Measurements> measurements);

}  // namespace exportgate::page
