// A live worker process: its control socket, its messages, its last words.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "matrix/cell.h"
#include "run/messages.h"
#include "run/posix.h"

namespace exportgate::run {

/// How a worker ended.
struct Ending {
    std::string words;  // "killed by signal 9 (Killed); it printed last: ..."
    /// It, or a process of its own, was killed: another one may well live. False where it gave up.
    bool was_killed = false;
};

class Worker {
  public:
    /// Starts the executable, to be warm for cells of `modes` that carry out `checks` (all
    /// where none is named) and to have imported the Python modules `preload`. It has not said
    /// hello yet.
    static Result<Worker> start(const std::filesystem::path& executable,
                                const std::set<matrix::Mode>& modes,
                                const std::vector<std::string>& preload,
                                const std::vector<std::string>& checks);

    Worker(Worker&& other) noexcept;
    Worker& operator=(Worker&&) = delete;
    /// Kills and reaps the process if it still lives: all that it knew has been received.
    ~Worker();

    int control() const {
        return control_.get();
    }
    int output() const {
        return output_.get();
    }

    /// Whole messages that have arrived. Sets lost() at end of file. Error: a message that is not
    /// understood.
    Result<std::vector<ControlMessage>> receive();

    /// Keeps the last lines that the worker printed.
    void drain_output();

    /// Hands a run message and the two descriptors of its child over. Error: the worker is gone.
    Result<void> send(const std::string& message, int channel, int output);

    bool lost() const {
        return lost_;
    }

    /// Kills the worker, its process group, and so its children.
    void kill();

    /// Reaps a lost worker and says how it ended, with the last lines that it printed.
    Ending last_words();

  private:
    Worker(std::string name, pid_t pid, Descriptor control, Descriptor output);
    int reap();

    std::string name_;
    pid_t pid_;  // 0: reaped
    Descriptor control_;
    Descriptor output_;
    std::string incoming_;
    std::string printed_;
    bool lost_ = false;
};

}  // namespace exportgate::run
