#include "run/worker.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <utility>

#include "run/remedy.h"

namespace exportgate::run {

namespace {

constexpr std::size_t most_kept_of_output = 4096;
/// Of a worker one of whose servers died (PROTOCOL.md).
constexpr int server_died = 3;

}  // namespace

Result<Worker> Worker::start(const std::filesystem::path& executable,
                             const std::set<matrix::Mode>& modes,
                             const std::vector<std::string>& preload,
                             const std::vector<std::string>& checks) {
    if (!std::filesystem::exists(executable)) {
        return tl::unexpected(Error{executable.string(), 0,
                                    "there is no worker for this environment",
                                    "build it with ci/conform, or `exportgate env add`"});
    }
    Result<std::array<Descriptor, 2>> control = socket_pair();
    if (!control) return tl::unexpected(control.error());
    Result<std::array<Descriptor, 2>> output = output_pipe();
    if (!output) return tl::unexpected(output.error());
    const int inherited = (*control)[1].get();
    std::vector<std::string> arguments{"--control", std::to_string(inherited)};
    if (!modes.contains(matrix::Mode::strict)) arguments.emplace_back("--only-nonstrict");
    for (const std::string& module : preload)
        arguments.insert(arguments.end(), {"--preload", module});
    for (const std::string& check : checks)
        arguments.insert(arguments.end(), {"--check", check});
    Result<pid_t> pid = spawn(executable.string(), arguments, inherited, (*output)[1].get());
    if (!pid) {
        Error error = pid.error();
        error.remedy = build_again;
        return tl::unexpected(std::move(error));
    }
    return Worker(executable.string(), *pid, std::move((*control)[0]), std::move((*output)[0]));
}

Worker::Worker(std::string name, pid_t pid, Descriptor control, Descriptor output)
    : name_(std::move(name)), pid_(pid), control_(std::move(control)), output_(std::move(output)) {}

Worker::Worker(Worker&& other) noexcept
    : name_(std::move(other.name_)),
      pid_(std::exchange(other.pid_, 0)),
      control_(std::move(other.control_)),
      output_(std::move(other.output_)),
      incoming_(std::move(other.incoming_)),
      printed_(std::move(other.printed_)),
      lost_(other.lost_) {}

Worker::~Worker() {
    kill();
}

Result<std::vector<ControlMessage>> Worker::receive() {
    if (read_available(control_.get(), incoming_) == ReadState::end) lost_ = true;
    std::vector<ControlMessage> messages;
    std::size_t begin = 0;
    for (std::size_t end; (end = incoming_.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
        Result<ControlMessage> message =
            parse_control_message(std::string_view(incoming_).substr(begin, end - begin), name_);
        if (!message) return tl::unexpected(message.error());
        messages.push_back(std::move(*message));
    }
    incoming_.erase(0, begin);
    return messages;
}

void Worker::drain_output() {
    if (read_tail(output_.get(), printed_, most_kept_of_output) == ReadState::end) output_.close();
}

Result<void> Worker::send(const std::string& message, int channel, int output) {
    const std::array<int, 2> descriptors{channel, output};
    return send_line(control_.get(), message, descriptors);
}

int Worker::reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return status;
}

void Worker::kill() {
    if (pid_ <= 0) return;
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
    reap();
}

Ending Worker::last_words() {
    if (output_.open()) drain_output();
    if (pid_ == 0) return {printed_, false};
    ::kill(pid_, SIGKILL);  // it closed its control socket: nothing can be heard from it any more
    const int status = reap();
    const std::string how = describe_wait_status(status);
    return {printed_.empty() ? how : fmt::format("{}; it printed last:\n{}", how, printed_),
            WIFSIGNALED(status) || WEXITSTATUS(status) == server_died};
}

}  // namespace exportgate::run
