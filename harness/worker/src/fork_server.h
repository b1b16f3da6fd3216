// A process with a warm Python that forks one child per run message and reaps it.
#pragma once

#include <string>
#include <vector>

#include "connection.h"

namespace exportgate::worker {

/// What is done before cells come.
struct WarmUp {
    bool only_nonstrict = false;
    std::vector<std::string> preload;  // Python modules to import, a library's for instance
    std::vector<std::string> checks;   // that the cells will carry out; empty: all
};

/// In the process that embeds Python: imports torch, says hello, imports what is preloaded, warms
/// up nonstrict, forks a server for that mode, warms up strict, serves that mode. Strict needs
/// whatever nonstrict needs and some more, so nothing is warmed up twice, and the nonstrict cells
/// run while strict warms up. With `only_nonstrict` strict is served as well, but not warmed up.
/// Returns the exit code: 0 when the supervisor hung up, 2 after a fatal message, 3 where it cannot
/// go on serving.
int run_fork_servers(Connection& nonstrict, Connection& strict, const WarmUp& asked);

}  // namespace exportgate::worker
