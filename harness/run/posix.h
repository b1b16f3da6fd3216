// The few POSIX calls that running workers takes, with their resources owned.
#pragma once

#include <sys/types.h>

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace exportgate::run {

/// An owned file descriptor; -1: none.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();

    int get() const {
        return fd_;
    }
    bool open() const {
        return fd_ >= 0;
    }
    void close();

  private:
    int fd_ = -1;
};

/// What one non-blocking read found.
enum class ReadState { more, would_block, end };

/// Appends what can be read without blocking to `buffer`, at most 1 MiB at a call. An I/O error
/// counts as the end.
ReadState read_available(int fd, std::string& buffer);

/// The same, keeping only the last `most` bytes: what a process printed last is worth showing, all
/// of it may be 100 MB.
ReadState read_tail(int fd, std::string& buffer, std::size_t most);

/// A connected pair of stream sockets, close-on-exec; the first end is non-blocking.
Result<std::array<Descriptor, 2>> socket_pair();

/// A pipe, close-on-exec: read end (non-blocking), write end.
Result<std::array<Descriptor, 2>> output_pipe();

/// Writes all of `line` and hands over `descriptors`, waiting for a slow reader. Error: the peer is
/// gone.
Result<void> send_line(int socket, std::string_view line, std::span<const int> descriptors);

struct SpawnOptions {
    std::map<std::string, std::string> variables =
        {};                       // instead of this process's own of that name
    std::optional<int> cpu = {};  // the only one it may run on
};

/// Starts `program`, looked up in PATH, with `arguments` in a process group of its own, with
/// `inherited` as its only descriptor above 2 and OMP_NUM_THREADS=1. Standard input is empty,
/// standard output and error go to `output`. Error (without a remedy): it cannot be started, or
/// the CPU is not one that this process may use.
Result<pid_t> spawn(const std::string& program, const std::vector<std::string>& arguments,
                    std::optional<int> inherited, int output, const SpawnOptions& options = {});

/// The CPUs that this process may run on, in ascending order.
std::vector<int> usable_cpus();

/// Makes `cpu` the only one on which the threads of process `pid` run. Error: there is no such
/// process, or the CPU is not one that it may use.
Result<void> pin(pid_t pid, int cpu);

/// How a process ended, in words: "killed by signal 9 (Killed)", "exit code 2".
std::string describe_wait_status(int status);

/// SIGINT and SIGTERM as a readable descriptor instead of an interruption, while this object lives.
class Interrupts {
  public:
    Interrupts();
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    int descriptor() const {
        return signals_.get();
    }
    /// The signal that arrived, if one did.
    std::optional<int> take() const;

  private:
    Descriptor signals_;
    struct Mask;
    Mask* previous_;
};

}  // namespace exportgate::run
