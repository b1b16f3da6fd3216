// exportgate-bench --plan FILE [--benchmark_... flags]: times the benchmarks of a plan with Google
// Benchmark. exportgate-bench --plan FILE --control FD: times the blocks that it is asked for
// (bench/PROTOCOL.md). Python, torch and the cases live in this one process, in one thread.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "child.h"
#include "connection.h"
#include "control.h"
#include "google.h"
#include "interpreter.h"
#include "native_functions.h"
#include "session.h"

namespace {

namespace worker = exportgate::worker;

struct Asked {
    std::string plan;
    int control = -1;  // -1: Google Benchmark's mode
    bool usable = true;
    std::vector<char*> others;
};

Asked read_arguments(int count, char** arguments) {
    Asked asked;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        if (argument != "--plan" && argument != "--control") {
            asked.others.push_back(arguments[i]);
            continue;
        }
        const std::string_view value = i + 1 < count ? arguments[++i] : "";
        if (argument == "--plan") {
            asked.plan = value;
            continue;
        }
        std::from_chars(value.data(), value.data() + value.size(), asked.control);
        asked.usable = asked.control >= 0 && fcntl(asked.control, F_GETFD) >= 0;
    }
    asked.usable =
        asked.usable && !asked.plan.empty() && (asked.control < 0 || asked.others.empty());
    return asked;
}

void prepare_process(bool controlled) {
    worker::die_with(getppid());
    // Before torch is loaded: what is timed is one thread's work.
    setenv("OMP_NUM_THREADS", "1", 1);
    // Ctrl-C reaches the whole foreground group; the harness decides what ends when.
    if (controlled) std::signal(SIGINT, SIG_IGN);
    worker::add_native_functions();
}

int run(const Asked& asked, worker::Session& session, worker::Connection* control) {
    if (control != nullptr) return worker::serve_blocks(*control, session);
    std::signal(SIGINT, SIG_DFL);  // Python's handler waits for Python code to look at it
    static std::string program = "exportgate-bench";  // no folder of this machine in the context
    std::vector<char*> arguments{program.data()};
    arguments.insert(arguments.end(), asked.others.begin(), asked.others.end());
    return worker::run_google_benchmark(session, worker::google_flags(arguments));
}

int fatal(worker::Connection* control, const std::string& what) {
    std::fprintf(stderr, "exportgate-bench: %s\n", what.c_str());
    if (control != nullptr) {
        control->send(nlohmann::json{{"fatal", {{"what", what}}}}.dump(
            -1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    return 2;
}

}  // namespace

int main(int count, char** arguments) {
    const Asked asked = read_arguments(count, arguments);
    if (!asked.usable) {
        std::fprintf(stderr,
                     "usage: exportgate-bench --plan FILE [--benchmark_... | --control FD], where "
                     "FD is an open AF_UNIX stream socket. It is started by `exportgate bench`, "
                     "not by hand.\n");
        return 2;
    }
    if (asked.control >= 0) fcntl(asked.control, F_SETFD, FD_CLOEXEC);
    prepare_process(asked.control >= 0);
    worker::Connection connection(asked.control);
    worker::Connection* const control = asked.control >= 0 ? &connection : nullptr;
    if (const auto reason = worker::start_python()) return fatal(control, *reason);
    int exit_code = 2;
    try {
        worker::Session session = worker::Session::open(asked.plan);
        exit_code = run(asked, session, control);
        std::fflush(nullptr);
        // Python and torch have nothing to write, and taking them down takes a second.
        _exit(exit_code);
    } catch (const std::exception& error) {
        exit_code = fatal(control, error.what());
        std::fflush(nullptr);
        _exit(exit_code);
    }
}
