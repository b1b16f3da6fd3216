#include "fork_server.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "built_for.h"
#include "child.h"
#include "interpreter.h"
#include "opened_files.h"

namespace exportgate::worker {

namespace {

using Json = nlohmann::json;

double seconds_now() {  // the clock of Python's time.monotonic()
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

sigset_t child_signal() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    return signals;
}

/// Before any thread starts, which inherits it: a library that is imported may start one (numpy's
/// OpenBLAS does), and a SIGCHLD that another thread does not block is lost there.
void block_child_signal() {
    const sigset_t signals = child_signal();
    sigprocmask(SIG_BLOCK, &signals, nullptr);
}

/// SIGCHLD as something that poll waits for.
int child_signals() {
    const sigset_t signals = child_signal();
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

void drain(int signals) {
    signalfd_siginfo information{};
    while (read(signals, &information, sizeof information) > 0) {
    }
}

class Server {
  public:
    explicit Server(Connection& control) : control_(control), signals_(child_signals()) {}

    /// The exit code: 0 when the supervisor hung up, 3 where another process of the worker died.
    int serve() {
        std::array<pollfd, 2> polled{{{control_.descriptor(), POLLIN, 0}, {signals_, POLLIN, 0}}};
        while (true) {
            if (poll(polled.data(), polled.size(), -1) < 0) {
                continue;
            }
            if (polled[1].revents != 0) {
                drain(signals_);
                if (!reap()) {
                    return 3;
                }
            }
            if (polled[0].revents != 0) {
                if (!control_.receive()) {
                    return 0;
                }
                while (const auto line = control_.next_line()) {
                    run(Json::parse(*line).at("run"));
                }
            }
        }
    }

  private:
    void run(const Json& message) {
        const int channel = control_.take_descriptor();
        const int output = control_.take_descriptor();
        const double started = seconds_now();
        const pid_t parent = getpid();
        const pid_t pid = fork_python();
        if (pid == 0) {
            control_.close();
            ::close(signals_);
            become_child({parent, output, message.value("memory_limit_bytes", std::uint64_t{0})});
            observe_and_exit(message.at("requests").dump(),
                             {channel, message.value("token", std::string())}, started);
        }
        ::close(channel);
        ::close(output);
        setpgid(pid, pid);  // as the child does: whoever is first, it is true before anybody hears
                            // of the child
        children_[pid] = message.at("id");
        control_.send(Json{{"forked", {{"id", message.at("id")}, {"pid", pid}}}}.dump());
    }

    [[noreturn]] static void observe_and_exit(const std::string& requests, const Channel& channel,
                                              double started) {
        int exit_code = 0;
        try {
            begin_shared_log();
            run_requests(requests, channel, started);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "exportgate-worker: %s\n", error.what());
            exit_code = 70;  // EX_SOFTWARE
        }
        std::fflush(nullptr);
        _exit(exit_code);  // not exit(): nothing of the parent may be torn down or flushed twice
    }

    bool reap() {
        while (true) {
            int status = 0;
            const pid_t pid = waitpid(-1, &status, WNOHANG);
            if (pid <= 0) {
                return true;
            }
            const auto child = children_.find(pid);
            if (child == children_.end()) {
                return false;  // the nonstrict server, which is a child of the strict one
            }
            const int signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
            const int exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
            control_.send(
                Json{{"exited",
                      {{"id", child->second}, {"signal", signal_number}, {"exit_code", exit_code}}}}
                    .dump());
            children_.erase(child);
        }
    }

    Connection& control_;
    int signals_;
    std::map<pid_t, Json> children_;  // pid -> id of its run message
};

/// Exit code of the process that this returns in: the strict server. The nonstrict one ends inside.
int warm_up_and_serve(Connection& nonstrict, Connection& strict, const WarmUp& asked) {
    for (const std::string& module : asked.preload)
        preload(module);
    const std::string nonstrict_ready = warm_up("nonstrict", asked.checks);
    const pid_t parent = getpid();
    if (fork_python() == 0) {
        die_with(parent);
        strict.close();
        prepare_to_fork();
        nonstrict.send(nonstrict_ready);
        _exit(Server(nonstrict).serve());
    }
    nonstrict.close();
    if (!asked.only_nonstrict) {
        const std::string strict_ready = warm_up("strict", asked.checks);
        prepare_to_fork();
        strict.send(strict_ready);
    }
    return Server(strict).serve();
}

int fatal(Connection& control, const std::string& what, const std::string& remedy) {
    control.send(Json{{"fatal", {{"what", what}, {"remedy", remedy}}}}.dump(
        -1, ' ', false, Json::error_handler_t::replace));
    return 2;
}

}  // namespace

int run_fork_servers(Connection& nonstrict, Connection& strict, const WarmUp& asked) {
    const double started = seconds_now();
    block_child_signal();
    watch_opened_files();  // also what sitecustomize and .pth files open
    if (const auto reason = start_python()) {
        return fatal(strict, *reason,
                     "build the worker again for a Python that works (EXPORTGATE_PYTHON of its "
                     "CMake project)");
    }
    try {
        const Unwatched while_torch_is_imported;
        strict.send(hello(started));
    } catch (const std::exception& error) {
        return fatal(strict, std::string("torch does not import: ") + error.what(),
                     std::string("check that `") + python_executable() +
                         " -c 'import torch'` works, then build the worker again");
    }
    try {
        return warm_up_and_serve(nonstrict, strict, asked);
    } catch (const std::exception& error) {  // no process can be forked, for example
        std::fprintf(stderr, "exportgate-worker: %s\n", error.what());
        return 3;
    }
}

}  // namespace exportgate::worker
