// Commands that take minutes (pip, the compiler): their output goes to a log, their progress to
// whoever watches, and Ctrl-C ends them with all that they started.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace exportgate::environment {

/// Called about twice a second while a command runs: the step in words, how long it has taken (s),
/// and the last line that the command printed.
using Watch = std::function<void(const std::string& step, double seconds, const std::string& line)>;

enum class Ending { good, failed, interrupted, timed_out };

struct Finished {
    Ending ending{};
    std::string how;     // "exit code 1", "killed by signal 9 (Killed)", "longer than 300 s"
    std::string output;  // everything it printed
};

class Commands {
  public:
    /// Appends to `log`, which it starts anew. Error: the log cannot be written.
    static Result<Commands> with_log(std::filesystem::path log, Watch watch);

    /// Runs a command without standard input, in a process group of its own, which ends after
    /// `budget`. Error: it cannot be started.
    Result<Finished> run(const std::string& step, const std::vector<std::string>& command,
                         std::optional<std::chrono::seconds> budget = std::nullopt);

    const std::filesystem::path& log() const {
        return log_;
    }

  private:
    Commands(std::filesystem::path log, Watch watch);

    std::filesystem::path log_;
    Watch watch_;
};

/// The lines of a log that say why it failed: errors of the compiler, of CMake, of pip; where there
/// are none, the last ones. At most `most`.
std::vector<std::string> lines_that_matter(const std::string& output, std::size_t most = 12);

}  // namespace exportgate::environment
