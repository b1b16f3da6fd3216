#include "child.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

namespace exportgate::worker {

namespace {

void limit(__rlimit_resource resource, rlim_t value) {
    rlimit current{};
    getrlimit(resource, &current);
    current.rlim_cur =
        current.rlim_max == RLIM_INFINITY || value < current.rlim_max ? value : current.rlim_max;
    setrlimit(resource, &current);
}

void prefer_for_out_of_memory_kill() {
    const int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file >= 0) {
        // Where the kernel refuses it, the child is an ordinary candidate; nothing depends on it.
        [[maybe_unused]] const ssize_t written = write(file, "1000", 4);
        close(file);
    }
}

}  // namespace

void die_with(pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {  // it died before the line above took effect
        _exit(0);
    }
}

void become_child(const ChildSetup& setup) {
    die_with(setup.parent);
    setpgid(0, 0);
    dup2(setup.output, STDOUT_FILENO);
    dup2(setup.output, STDERR_FILENO);
    close(setup.output);

    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    signal(SIGINT, SIG_DFL);

    limit(RLIMIT_CORE, 0);
    if (setup.memory_limit_bytes > 0) {
        // Not RLIMIT_AS: a CUDA build maps many GB that it never touches.
        limit(RLIMIT_DATA, setup.memory_limit_bytes);
    }
    prefer_for_out_of_memory_kill();
}

}  // namespace exportgate::worker
