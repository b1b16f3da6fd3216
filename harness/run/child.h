// One forked child of a worker, seen from the harness: its channel, what it has said, and when it
// must be done.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "matrix/cell.h"
#include "record/observation.h"
#include "run/announced.h"
#include "run/posix.h"

namespace exportgate::run {

using Clock = std::chrono::steady_clock;

struct Limits {
    std::chrono::duration<double> cell;   // from the fork, or the last observation, to the checks
    std::chrono::duration<double> check;  // of each; the worker sees to it, see Child::receive()
    std::chrono::duration<double> consumer;  // the same, of a check that is a consumer
};

class Child {
  public:
    /// `cells` are run one after the other; normally there is one. `token` is what the worker marks
    /// the messages of this child with.
    Child(std::uint64_t id, std::string token, std::vector<matrix::Cell> cells, Limits limits,
          Descriptor channel, Descriptor output);

    std::uint64_t id() const {
        return id_;
    }
    const std::vector<matrix::Cell>& cells() const {
        return cells_;
    }
    int channel() const {
        return channel_.get();
    }
    int output() const {
        return output_.get();
    }

    void forked(pid_t pid);
    Clock::time_point deadline() const {
        return deadline_;
    }

    /// Reads what the child said and printed, without blocking. A check that begins has its own
    /// time: its budget, at whose end the worker reports a check that fails and goes on, and ten
    /// seconds for a worker that does not.
    void receive();

    /// Kills the child's process group because its time is over, and gives the worker a minute to
    /// report its end.
    void time_out();
    /// time_out() was called before: the worker does not report.
    bool overdue_before() const {
        return timed_out_;
    }

    /// Kills the child's process group, whatever it is doing.
    void kill() const;

    /// The observations of all its cells once the child was reaped. A cell that it did not report
    /// has crashed, timed out, or was not reached.
    std::vector<record::Observation> finish(int signal, int exit_code);

    /// The observations that had arrived whole when the worker was lost.
    std::vector<record::Observation> salvage();

  private:
    bool is_checking() const;
    std::chrono::duration<double> limit_of_stage() const;
    record::Observation missing(const matrix::Cell& cell, int signal, int exit_code) const;
    void complete(record::Observation& observation) const;

    void understand(std::string_view line);

    std::uint64_t id_;
    std::string token_;
    std::vector<matrix::Cell> cells_;
    Limits limits_;
    Descriptor channel_;
    Descriptor output_;
    pid_t pid_ = 0;  // 0: not forked yet
    Clock::time_point started_;
    Clock::time_point deadline_;
    bool timed_out_ = false;
    std::string stage_ = "start";
    Announced announced_;  // of the cell that runs
    std::string incoming_;
    std::string printed_;
    std::string broken_;  // why its channel could not be understood; empty: it could
    std::vector<record::Observation> observations_;
};

}  // namespace exportgate::run
