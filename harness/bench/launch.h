// One launch: fresh processes, one block after the other.
#pragma once

#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "bench/pairing.h"
#include "bench/schedule.h"
#include "bench/timing_process.h"

namespace exportgate::bench {

/// What a launch is to time.
struct Wanted {
    std::string name;
    std::vector<Role> roles;  // against, and one or both of the others
};

/// What a launch knows of one benchmark.
struct Timed {
    std::int64_t iterations = 0;
    std::vector<Pair> pairs;            // measured, against; empty: not asked for, or failed
    std::vector<Pair> same_code_pairs;  // the second process of against, against
    std::string not_measured;           // why it could not be prepared there
    std::string not_against;
    std::string failed;                // what Python raised while it was timed
    bool failed_as_same_code = false;  // in the second process of against, not in the two sides
};

struct Launched {
    std::vector<Timed> timed;  // as `wanted`; empty where the launch did not end well
    bool interrupted = false;
    std::string died;     // which process ended, and how; empty: none did
    std::string culprit;  // the benchmark that was being prepared or timed then; may be empty
    bool died_as_same_code = false;            // it was the second process of against
    std::chrono::duration<double> starting{};  // until the first block
};

/// The processes of one launch, started.
class Launch {
  public:
    /// Starts what `roles` name, all at once, on all CPUs. Hash seeds and the sizes of their
    /// environments are drawn from `random`. Error: one cannot be started, or ended before it had
    /// said what it can time.
    static Result<Launch> start(const PairingOptions& options, const std::vector<Role>& roles,
                                std::mt19937_64& random, const run::Interrupts& interrupts,
                                bool& interrupted);

    const TimingProcess& of(Role role) const;

    /// Prepares, still on all CPUs, then pins all processes to one, and times.
    Launched time(const PairingOptions& options, const std::vector<Wanted>& wanted,
                  std::mt19937_64& random, const run::Interrupts& interrupts,
                  const std::function<void(const std::string& doing, double share)>& progress);

  private:
    TimingProcess& process(Role role);

    struct Member {
        Role role;
        TimingProcess process;
    };
    std::vector<Member> members_;
};

/// "the measured side", "the other side", "the second process of the other side"
std::string_view words_for(Role role);

}  // namespace exportgate::bench
