#include "run/posix.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

extern char** environ;

namespace exportgate::run {

namespace {

Error system_error(std::string_view doing) {
    return Error{"", 0, fmt::format("{}: {}", doing, std::strerror(errno)), ""};
}

/// The environment of this process with `changes` and OMP_NUM_THREADS=1: a fork after an OpenMP
/// region hangs, so torch must not start one.
std::vector<std::string> worker_environment(std::map<std::string, std::string> changes) {
    changes["OMP_NUM_THREADS"] = "1";
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        if (!changes.contains(std::string(text.substr(0, text.find('='))))) {
            variables.emplace_back(text);
        }
    }
    for (const auto& [name, value] : changes)
        variables.push_back(name + "=" + value);
    return variables;
}

cpu_set_t only(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (cpu >= 0 && cpu < CPU_SETSIZE) CPU_SET(cpu, &set);
    return set;
}

Error cannot_run_on(int cpu) {
    return system_error(fmt::format("cannot run on CPU {}", cpu));
}

/// The calling thread runs on one CPU while this lives, and so does what it starts.
class OnCpu {
  public:
    explicit OnCpu(std::optional<int> cpu) {
        if (!cpu) return;
        const cpu_set_t set = only(*cpu);
        changed_ = ::sched_getaffinity(0, sizeof before_, &before_) == 0 &&
                   ::sched_setaffinity(0, sizeof set, &set) == 0;
        if (!changed_) error_ = cannot_run_on(*cpu);
    }
    OnCpu(const OnCpu&) = delete;
    OnCpu& operator=(const OnCpu&) = delete;
    ~OnCpu() {
        if (changed_) ::sched_setaffinity(0, sizeof before_, &before_);
    }
    const std::optional<Error>& error() const {
        return error_;
    }

  private:
    cpu_set_t before_{};
    bool changed_ = false;
    std::optional<Error> error_;
};

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    pointers.reserve(strings.size() + 1);
    for (std::string& string : strings)
        pointers.push_back(string.data());
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

Descriptor::~Descriptor() {
    close();
}

void Descriptor::close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

ReadState read_available(int fd, std::string& buffer) {
    constexpr std::size_t most = std::size_t{1} << 20;
    std::array<char, 65536> block;
    for (std::size_t total = 0; total < most;) {
        const ssize_t got = ::read(fd, block.data(), block.size());
        if (got > 0) {
            buffer.append(block.data(), static_cast<std::size_t>(got));
            total += static_cast<std::size_t>(got);
        } else if (got < 0 && errno == EINTR) {
            continue;
        } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return ReadState::would_block;
        } else {
            return ReadState::end;
        }
    }
    return ReadState::more;
}

ReadState read_tail(int fd, std::string& buffer, std::size_t most) {
    const ReadState state = read_available(fd, buffer);
    if (buffer.size() > most) buffer.erase(0, buffer.size() - most);
    return state;
}

Result<std::array<Descriptor, 2>> socket_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return tl::unexpected(system_error("cannot make a socket pair"));
    }
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return std::array<Descriptor, 2>{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<std::array<Descriptor, 2>> output_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return tl::unexpected(system_error("cannot make a pipe"));
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return std::array<Descriptor, 2>{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<void> send_line(int socket, std::string_view line, std::span<const int> descriptors) {
    std::string text(line);
    text.push_back('\n');
    std::vector<char> control(CMSG_SPACE(sizeof(int) * descriptors.size()));
    std::size_t sent = 0;
    while (sent < text.size()) {
        iovec part{text.data() + sent, text.size() - sent};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        if (sent == 0 && !descriptors.empty()) {
            message.msg_control = control.data();
            message.msg_controllen = control.size();
            cmsghdr* header = CMSG_FIRSTHDR(&message);
            header->cmsg_level = SOL_SOCKET;
            header->cmsg_type = SCM_RIGHTS;
            header->cmsg_len = CMSG_LEN(sizeof(int) * descriptors.size());
            std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof(int) * descriptors.size());
        }
        const ssize_t written = ::sendmsg(socket, &message, MSG_NOSIGNAL);
        if (written >= 0) {
            sent += static_cast<std::size_t>(written);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            pollfd writable{socket, POLLOUT, 0};
            ::poll(&writable, 1, 1000);
        } else if (errno != EINTR) {
            return tl::unexpected(system_error("cannot write to the worker"));
        }
    }
    return {};
}

Result<pid_t> spawn(const std::string& program, const std::vector<std::string>& arguments,
                    std::optional<int> inherited, int output, const SpawnOptions& options) {
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = worker_environment(options.variables);
    const OnCpu on_cpu(options.cpu);
    if (on_cpu.error()) return tl::unexpected(*on_cpu.error());
    const std::vector<char*> argv = pointers_to(words);
    const std::vector<char*> envp = pointers_to(variables);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_adddup2(&actions, output, 2);
    // dup2 of a descriptor onto itself clears close-on-exec (POSIX.1-2024; glibc since 2.29).
    if (inherited) posix_spawn_file_actions_adddup2(&actions, *inherited, *inherited);

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    // A shell that starts exportgate in the background has it ignore SIGINT; a child must not.
    // exportgate itself ignores SIGXFSZ.
    sigset_t heeded;
    sigemptyset(&heeded);
    sigaddset(&heeded, SIGINT);
    sigaddset(&heeded, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes, &heeded);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

    pid_t pid = 0;
    const int failure =
        posix_spawnp(&pid, program.c_str(), &actions, &attributes, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failure != 0) {
        return tl::unexpected(
            Error{program, 0, fmt::format("cannot be started: {}", std::strerror(failure)), ""});
    }
    return pid;
}

std::vector<int> usable_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    std::vector<int> cpus;
    if (::sched_getaffinity(0, sizeof set, &set) != 0) return cpus;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
    }
    return cpus;
}

Result<void> pin(pid_t pid, int cpu) {
    const cpu_set_t set = only(cpu);
    std::error_code failure;
    const std::string folder = fmt::format("/proc/{}/task", pid);
    for (const auto& thread : std::filesystem::directory_iterator(folder, failure)) {
        const pid_t id = std::stoi(thread.path().filename().string());
        // A thread that has ended meanwhile need not be pinned.
        if (::sched_setaffinity(id, sizeof set, &set) != 0 && errno != ESRCH)
            return tl::unexpected(cannot_run_on(cpu));
    }
    if (failure) return tl::unexpected(Error{"", 0, fmt::format("process {} is gone", pid), ""});
    return {};
}

std::string describe_wait_status(int status) {
    if (WIFSIGNALED(status)) {
        return fmt::format("killed by signal {} ({})", WTERMSIG(status),
                           ::strsignal(WTERMSIG(status)));
    }
    return fmt::format("exit code {}", WEXITSTATUS(status));
}

struct Interrupts::Mask {
    sigset_t set;
};

Interrupts::Interrupts() : previous_(new Mask) {
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGTERM);
    sigprocmask(SIG_BLOCK, &watched, &previous_->set);
    signals_ = Descriptor(::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK));
}

Interrupts::~Interrupts() {
    sigprocmask(SIG_SETMASK, &previous_->set, nullptr);
    delete previous_;
}

std::optional<int> Interrupts::take() const {
    signalfd_siginfo info{};
    if (::read(signals_.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info))
        return std::nullopt;
    return static_cast<int>(info.ssi_signo);
}

}  // namespace exportgate::run
