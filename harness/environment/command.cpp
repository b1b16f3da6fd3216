#include "environment/command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <regex>

#include "base/text.h"
#include "run/posix.h"

namespace exportgate::environment {

namespace {

/// For each signal that asks what an interruption ends to end. pip removes what it has unpacked,
/// some GB, when it gets SIGINT, and leaves it behind in the folder of temporary files when it gets
/// SIGTERM.
constexpr std::chrono::seconds patience_after_sigint{30};
constexpr std::chrono::seconds patience_after_sigterm{2};

std::string last_line(const std::string& text) {
    const std::size_t end = text.find_last_not_of("\r\n ");
    if (end == std::string::npos) return {};
    const std::size_t begin = text.find_last_of("\r\n", end);
    return text.substr(begin == std::string::npos ? 0 : begin + 1,
                       end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

/// Whether `pid` ended within `patience` of the signal to its group; it is reaped then.
bool ends_after(int signal, std::chrono::seconds patience, pid_t pid) {
    ::kill(-pid, signal);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline) {
        if (::waitpid(pid, nullptr, WNOHANG) == pid) return true;
        ::poll(nullptr, 0, 50);
    }
    return false;
}

/// Ends the group of `pid`, gently first, and reaps `pid`.
void end_group(pid_t pid) {
    const bool ended = ends_after(SIGINT, patience_after_sigint, pid) ||
                       ends_after(SIGTERM, patience_after_sigterm, pid);
    ::kill(-pid, SIGKILL);
    while (!ended && ::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

}  // namespace

Commands::Commands(std::filesystem::path log, Watch watch)
    : log_(std::move(log)), watch_(std::move(watch)) {}

Result<Commands> Commands::with_log(std::filesystem::path log, Watch watch) {
    const int descriptor =
        ::open(log.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        return tl::unexpected(Error{log.string(), 0,
                                    fmt::format("cannot be written: {}", std::strerror(errno)),
                                    "name another folder with --environments"});
    }
    ::close(descriptor);
    return Commands(std::move(log), std::move(watch));
}

Result<Finished> Commands::run(const std::string& step, const std::vector<std::string>& command,
                               std::optional<std::chrono::seconds> budget) {
    const run::Descriptor log(::open(log_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    // A disk that is full keeps the log from being whole, and nothing else.
    const auto note = [&](const std::string& text) {
        if (log.open()) std::ignore = ::write(log.get(), text.data(), text.size());
    };
    note(fmt::format("# {}\n$ {}\n", step, join(command, " ")));

    Result<std::array<run::Descriptor, 2>> pipe = run::output_pipe();
    if (!pipe) return tl::unexpected(pipe.error());
    const run::Interrupts interrupts;
    const Result<pid_t> pid =
        run::spawn(command.front(), {command.begin() + 1, command.end()}, {}, (*pipe)[1].get());
    if (!pid) {
        return tl::unexpected(Error{command.front(), 0, pid.error().what,
                                    "install it, or see that it can be executed"});
    }
    (*pipe)[1].close();

    Finished finished;
    std::size_t logged = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (;;) {
        std::array<pollfd, 2> ready{pollfd{(*pipe)[0].get(), POLLIN, 0},
                                    pollfd{interrupts.descriptor(), POLLIN, 0}};
        ::poll(ready.data(), ready.size(), 500);
        const run::ReadState state = run::read_available((*pipe)[0].get(), finished.output);
        note(finished.output.substr(logged));
        logged = finished.output.size();
        if (interrupts.take()) {
            if (watch_) watch_(step + ": interrupted, clearing up", 0, "");
            end_group(*pid);
            finished.ending = Ending::interrupted;
            finished.how = "interrupted";
            return finished;
        }
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
        if (watch_) watch_(step, taken.count(), last_line(finished.output));
        if (state == run::ReadState::end) break;
        if (budget && taken > *budget) {
            end_group(*pid);
            finished.ending = Ending::timed_out;
            finished.how = fmt::format("longer than {} s", budget->count());
            return finished;
        }
    }
    int status = 0;
    while (::waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
    }
    finished.ending = WIFEXITED(status) && WEXITSTATUS(status) == 0 ? Ending::good : Ending::failed;
    finished.how = run::describe_wait_status(status);
    return finished;
}

std::vector<std::string> lines_that_matter(const std::string& output, std::size_t most) {
    static const std::regex telling(
        R"((^|[ :])(fatal )?error:|^ERROR|^CMake Error|No space left on device|undefined reference)",
        std::regex::icase);
    std::vector<std::string> errors;
    std::vector<std::string> all;
    bool of_cmake = false;  // what CMake has to say follows its "CMake Error at ..." line
    for (const std::string_view part : split(output, '\n')) {
        std::string line(part);
        while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
            line.pop_back();
        if (line.empty()) continue;
        all.push_back(line);
        const bool tells = std::regex_search(line, telling);
        if ((tells || (of_cmake && line.starts_with("  "))) && errors.size() < most)
            errors.push_back(line);
        of_cmake = line.starts_with("CMake Error") || (of_cmake && line.starts_with("  "));
    }
    if (!errors.empty()) return errors;
    if (all.size() > most) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(most));
    return all;
}

}  // namespace exportgate::environment
