// A live exportgate-bench in its block mode (harness/worker/bench/PROTOCOL.md): it is told what to
// call how often, and says how long that took.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "bench/name.h"
#include "record/observation.h"
#include "run/posix.h"

namespace exportgate::bench {

/// A benchmark that the process knows.
struct Listed {
    Name name;
    std::string reason;  // why it is not available; empty: it is, as far as can be told cheaply
};

struct Hello {
    record::Environment environment;
    std::map<std::string, std::string> context;
};

/// What a process answered to a request about one benchmark.
struct Answer {
    std::int64_t ns = 0;  // of a block
    std::string reason;   // why there is none: not available, Python raised; empty: all is well
};

/// Why a process can be asked nothing more.
struct Ended {
    bool interrupted = false;  // SIGINT or SIGTERM reached this program
    std::string how;           // "killed by signal 9 (Killed); it printed last: ..."
};

class TimingProcess {
  public:
    /// Starts `executable` for a plan. It has not said hello yet. Error: it cannot be started.
    static Result<TimingProcess> start(const std::filesystem::path& executable,
                                       const std::filesystem::path& plan,
                                       const run::SpawnOptions& options);

    TimingProcess(TimingProcess&& other) noexcept;
    TimingProcess& operator=(TimingProcess&&) = delete;
    /// Kills the process: all that it knew has been received.
    ~TimingProcess();

    // Each waits for the next message. Nothing: the process has ended, see ended(): it died, was
    // not understood, did not answer in time, or an interruption came.
    bool wait_for_hello(const run::Interrupts& interrupts);
    std::optional<Answer> wait_for_prepared(const std::string& name,
                                            const run::Interrupts& interrupts);
    std::optional<Answer> time_block(const std::string& name, std::int64_t iterations,
                                     const run::Interrupts& interrupts);

    /// Asks it to prepare a benchmark and does not wait; answers come in the order of asking.
    void ask_to_prepare(const std::string& name);

    /// From now on it runs on `cpu` only.
    Result<void> pin(int cpu) const;

    const Hello& hello() const {
        return hello_;
    }
    const std::vector<Listed>& listed() const {
        return listed_;
    }
    const std::optional<Ended>& ended() const {
        return ended_;
    }

  private:
    TimingProcess(pid_t pid, run::Descriptor control, run::Descriptor output);
    std::optional<std::string> next_line(std::chrono::seconds limit,
                                         const run::Interrupts& interrupts);
    std::optional<Answer> answer(const std::string& name, const char* kind,
                                 std::chrono::seconds limit, const run::Interrupts& interrupts);
    void send(const std::string& line);
    void end(Ended how);
    std::string reap_within(std::chrono::milliseconds grace);

    pid_t pid_;  // 0: reaped
    run::Descriptor control_;
    run::Descriptor output_;
    std::string incoming_;
    std::string printed_;
    Hello hello_;
    std::vector<Listed> listed_;
    std::optional<Ended> ended_;
};

}  // namespace exportgate::bench
