// Measurements and sessions as figures with their tables.
#pragma once

#include <string>

#include "bench/gate.h"
#include "bench/measurements.h"
#include "page/figures.h"

namespace exportgate::page {

/// A block for each case and operation, the operations in the order in which people look at them: a
/// chart for each kind with a curve per implementation and the floor, and a table of kinds x
/// implementations x sizes, in ns per leaf and times the floor, for calls of programs in us per
/// call and how much of it is flatten; and the allocations at the largest size. `prefix` starts the
/// names of its figures, so that several files can be on one page.
BenchmarkPart part_of(const bench::Measurements& measurements, const std::string& prefix);

/// A block for each case and operation: the ratios with their intervals, and the table. The
/// verdict is judge()'s.
BenchmarkPart part_of(const bench::Session& session, const std::string& prefix);

/// "1.37", "12.3", "123", "12345"; "unknown" of NaN.
std::string three_digits(double value);

/// "12.3 ns", "1.23 us", "45.6 ms"; "unknown" of NaN.
std::string duration(double ns);

/// "2.13.0+cpu, environment default"; what a measurement file is of.
std::string title_of(const bench::Measurements& measurements);

}  // namespace exportgate::page
