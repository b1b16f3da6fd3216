// The module _exportgate_bench, which is built into exportgate-bench: functions for its Python
// package that must cost as little as a function called from Python can.
#pragma once

namespace exportgate::worker {

/// Before Python starts.
void add_native_functions();

}  // namespace exportgate::worker
