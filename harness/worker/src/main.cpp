// exportgate-worker --control FD [--only-nonstrict] [--preload MODULE ...] [--check NAME ...]:
// observes cells of one environment for the harness. What is said over FD, and what the options are
// for: PROTOCOL.md.
//
//   supervisor            this process: relays, never loads Python
//   └─ strict server      imports torch, forks the nonstrict server, warms up strict, forks a child
//   per strict cell
//      ├─ nonstrict server   warms up nonstrict, forks a child per nonstrict cell
//      └─ children
//
// Every process is killed by the kernel when its parent dies, so killing any one of the first three
// ends the worker.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "child.h"
#include "connection.h"
#include "fork_server.h"
#include "supervisor.h"

namespace {

using exportgate::worker::Connection;

struct Asked {
    int control = -1;  // -1: the arguments are not those that the harness gives
    exportgate::worker::WarmUp warm_up;
};

Asked asked(int count, char** arguments) {
    Asked asked;
    if (count < 3 || std::string_view(arguments[1]) != "--control") return {};
    for (int i = 3; i < count; ++i) {
        const std::string_view option = arguments[i];
        if (option == "--only-nonstrict") {
            asked.warm_up.only_nonstrict = true;
        } else if (option == "--preload" && i + 1 < count) {
            asked.warm_up.preload.emplace_back(arguments[++i]);
        } else if (option == "--check" && i + 1 < count) {
            asked.warm_up.checks.emplace_back(arguments[++i]);
        } else {
            return {};
        }
    }
    const std::string_view number = arguments[2];
    std::from_chars(number.data(), number.data() + number.size(), asked.control);
    const bool is_open = asked.control >= 0 && fcntl(asked.control, F_GETFD) >= 0;
    return is_open ? asked : Asked{};
}

void prepare_process() {
    // One thread: a fork after an OpenMP region hangs in the child. It has to be set before torch
    // is loaded.
    setenv("OMP_NUM_THREADS", "1", 1);
    // Ctrl-C reaches the whole foreground group; the harness decides what ends when.
    std::signal(SIGINT, SIG_IGN);
    const int nothing = open("/dev/null", O_RDONLY);
    if (nothing >= 0) {
        dup2(nothing, STDIN_FILENO);
        if (nothing > STDERR_FILENO) {
            close(nothing);
        }
    }
}

}  // namespace

int main(int count, char** arguments) {
    const auto [control, warm_up] = asked(count, arguments);
    if (control < 0) {
        std::fprintf(stderr,
                     "usage: exportgate-worker --control FD [--only-nonstrict] [--preload MODULE "
                     "...] [--check NAME ...], where FD is an open AF_UNIX stream socket. "
                     "It is started by `exportgate run`, not by hand.\n");
        return 2;
    }
    fcntl(control, F_SETFD, FD_CLOEXEC);
    prepare_process();

    std::array<int, 2> nonstrict{};
    std::array<int, 2> strict{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, nonstrict.data()) != 0 ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, strict.data()) != 0) {
        std::perror("exportgate-worker: socketpair");
        return 2;
    }
    const pid_t supervisor = getpid();
    const pid_t servers = fork();
    if (servers < 0) {
        std::perror("exportgate-worker: fork");
        return 2;
    }
    if (servers == 0) {
        exportgate::worker::die_with(supervisor);
        close(control);
        close(nonstrict[0]);
        close(strict[0]);
        Connection to_nonstrict(nonstrict[1]);
        Connection to_strict(strict[1]);
        _exit(exportgate::worker::run_fork_servers(to_nonstrict, to_strict, warm_up));
    }
    close(nonstrict[1]);
    close(strict[1]);
    Connection harness(control);
    Connection from_nonstrict(nonstrict[0]);
    Connection from_strict(strict[0]);
    return exportgate::worker::supervise(harness, {servers, from_nonstrict, from_strict});
}
