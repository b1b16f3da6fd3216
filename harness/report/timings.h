// Where the time of a run went, for --timings.
#pragma once

#include <cstddef>
#include <string>

#include "record/record_file.h"

namespace exportgate::report {

/// Tables, all of seconds: start-up, the children's sum and the wall time as a ratio to what was
/// unavoidable; per check what it took, and what a cell with all its checks takes against its
/// export alone, which is everything from the fork to the observed program; and per mode what a
/// child costs against the time that the same export takes inside one long-lived process.
std::string timings_table(const record::Record& record, std::size_t jobs);

}  // namespace exportgate::report
