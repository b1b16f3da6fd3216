// A process with a warm Python that forks one child per run message and reaps it.
#pragma once

#include "connection.h"

namespace exportgate::worker {

/// In the process that embeds Python: imports torch, says hello, forks the nonstrict server, warms
/// up, serves. The two servers warm up at the same time, each its own mode. Returns the exit code:
/// 0 when the supervisor hung up, 2 after a fatal message.
int run_fork_servers(Connection& nonstrict, Connection& strict);

}  // namespace exportgate::worker
