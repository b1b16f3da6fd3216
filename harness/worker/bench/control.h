// The block mode: whoever holds the other end of the control socket says how often what is called,
// and is told how long it took (bench/PROTOCOL.md).
#pragma once

#include "connection.h"
#include "session.h"

namespace exportgate::worker {

/// Until "end" or end of file, which is 0; 2 after a message that is not in the protocol.
int serve_blocks(Connection& control, Session& session);

}  // namespace exportgate::worker
