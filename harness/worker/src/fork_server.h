// A process with a warm Python that forks one child per run message and reaps it.
#pragma once

#include "connection.h"

namespace exportgate::worker {

/// In the process that embeds Python: imports torch, says hello, warms up nonstrict, forks a server
/// for that mode, warms up strict, serves that mode. Strict needs whatever nonstrict needs and some
/// more, so nothing is warmed up twice, and the nonstrict cells run while strict warms up. With
/// `only_nonstrict` strict is served as well, but not warmed up. Returns the exit code: 0 when the
/// supervisor hung up, 2 after a fatal message, 3 where it cannot go on serving.
int run_fork_servers(Connection& nonstrict, Connection& strict, bool only_nonstrict);

}  // namespace exportgate::worker
