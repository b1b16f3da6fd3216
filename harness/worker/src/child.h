// What a forked child is before any code of a case runs: on its own, limited, and bound to its
// parent's life.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace exportgate::worker {

struct ChildSetup {
    pid_t parent = 0;
    int output = -1;                       // becomes standard output and standard error
    std::uint64_t memory_limit_bytes = 0;  // 0: no limit
};

/// Leads a process group of its own; is killed when its parent dies; writes to `output`; may not
/// allocate more than the limit (an allocation fails, it is not killed); is the first one that the
/// kernel kills when memory runs out; leaves no core file. Ends the process where the parent is
/// already dead.
void become_child(const ChildSetup& setup);

/// Is killed when `parent` dies; ends the process where that happened already.
void die_with(pid_t parent);

}  // namespace exportgate::worker
