// The measurements of an environment as people read them in a terminal.
#pragma once

#include <string>

#include "bench/measurements.h"

namespace exportgate::bench {

/// A table for every case and kind: a row for each operation and implementation, a column for each
/// size, in it nanoseconds per leaf and how many times the floor that is. What is not available is
/// there with its reason.
std::string table(const Measurements& measurements);

/// "2.24", "14.7", "478", "7726", "77.2k": the digits that tell.
std::string three_digits(double number);

}  // namespace exportgate::bench
