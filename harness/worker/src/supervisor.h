// The process that the harness starts. It never loads Python, so it always answers: it passes run
// messages on to the fork server of their mode, and what the fork servers say back to the harness.
#pragma once

#include <sys/types.h>

#include "connection.h"

namespace exportgate::worker {

struct ForkServers {
    pid_t first = 0;  // the process that imports torch and becomes the strict server; the other one
                      // is its child
    Connection& nonstrict;
    Connection& strict;
};

/// Relays until the harness says quit or hangs up (exit code 0), sends what is not in the protocol
/// (2), or a fork server ends (its exit code; 3 where a signal ended it). The fork servers and
/// their children do not outlive the process that returns from this.
int supervise(Connection& harness, const ForkServers& servers);

}  // namespace exportgate::worker
