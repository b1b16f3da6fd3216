// The mode of Google Benchmark: its flags, its output, its files.
#pragma once

#include <string>
#include <vector>

#include "session.h"

namespace exportgate::worker {

/// The part of Google Benchmark's flags that is needed before it sees them.
struct GoogleFlags {
    std::vector<char*> all;  // argv for it, with argv[0]
    std::string filter;      // --benchmark_filter; empty: all
    bool list = false;       // --benchmark_list_tests
    bool writes_file = false;
    std::string file_format = "json";
};

/// Also looks at the variables of the environment that Google Benchmark takes for flags.
GoogleFlags google_flags(std::vector<char*> arguments);

/// Runs the benchmarks of `session` that the filter names. Exit code: 0; 2 where a flag is unknown
/// or no benchmark matches.
int run_google_benchmark(Session& session, GoogleFlags flags);

}  // namespace exportgate::worker
