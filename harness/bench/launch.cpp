#include "bench/launch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace exportgate::bench {
namespace {

using Steady = std::chrono::steady_clock;

/// How many requests a process is given at a time: fewer than fill a socket's buffer.
constexpr std::size_t most_at_a_time = 100;

/// The space that a process's environment takes moves its stack, and with it what shares a cache
/// line or a page with what: one of the accidents that differ from launch to launch.
constexpr const char* padding_variable = "EXPORTGATE_PADDING";
constexpr std::size_t most_padding = 4096;

run::SpawnOptions accidents(std::mt19937_64& random) {
    const auto hash_seed = static_cast<std::uint32_t>(random());
    return {{{"PYTHONHASHSEED", std::to_string(hash_seed)},
             {padding_variable, std::string(random() % most_padding, 'x')}},
            {}};
}

bool is_timed(const Timed& one) {
    return one.not_measured.empty() && one.not_against.empty() && one.failed.empty();
}

/// Times one launch; see Launch::time().
class Timer {
  public:
    using Processes = std::function<TimingProcess&(Role)>;
    using Progress = std::function<void(const std::string&, double)>;

    Timer(Processes processes, const PairingOptions& options, const std::vector<Wanted>& wanted,
          const run::Interrupts& interrupts, const Progress& progress)
        : processes_(std::move(processes)),
          options_(options),
          wanted_(wanted),
          interrupts_(interrupts),
          progress_(progress) {
        launched_.timed.resize(wanted.size());
    }

    /// False: a process has ended, and launched() says so.
    bool prepare() {
        for (std::size_t begin = 0; begin < wanted_.size(); begin += most_at_a_time) {
            const std::size_t end = std::min(wanted_.size(), begin + most_at_a_time);
            progress_("preparing",
                      static_cast<double>(begin) / static_cast<double>(wanted_.size()));
            for (std::size_t i = begin; i < end; ++i) {
                for (const Role role : wanted_[i].roles)
                    processes_(role).ask_to_prepare(wanted_[i].name);
            }
            for (std::size_t i = begin; i < end; ++i) {
                for (const Role role : wanted_[i].roles) {
                    const auto answer =
                        processes_(role).wait_for_prepared(wanted_[i].name, interrupts_);
                    if (!answer) return lost(role, i);
                    if (!answer->reason.empty()) unavailable(role, launched_.timed[i], *answer);
                }
            }
        }
        return true;
    }

    /// How many calls take about a block on the slower side. What is first called is also what
    /// Python specialises its bytecode on.
    bool choose_iterations() {
        progress_("preparing", 1);
        for (std::size_t i = 0; i < wanted_.size(); ++i) {
            double slowest = 1;
            for (const Role role : wanted_[i].roles) {
                std::int64_t iterations = 4;
                for (int probe = 0; probe < 2 && is_timed(launched_.timed[i]); ++probe) {
                    const auto ns = block(role, i, iterations);
                    if (!ns) return false;
                    const double call =
                        std::max(1.0, static_cast<double>(*ns) / static_cast<double>(iterations));
                    if (probe == 1) slowest = std::max(slowest, call);
                    iterations = calls_within(options_.block_ns / 8, call);
                }
            }
            launched_.timed[i].iterations = calls_within(options_.block_ns, slowest);
        }
        return true;
    }

    bool time(std::mt19937_64& random) {
        std::vector<std::vector<Role>> roles;
        for (const Wanted& one : wanted_)
            roles.push_back(one.roles);
        const std::vector<Turn> turns = schedule(roles, options_.pairs, random);
        for (std::size_t i = 0; i < turns.size(); ++i) {
            progress_("timing", static_cast<double>(i) / static_cast<double>(turns.size()));
            if (!take(turns[i])) return false;
        }
        return true;
    }

    Launched& launched() {
        return launched_;
    }

    /// `i`: the benchmark that was asked for.
    bool lost(Role role, std::size_t i) {
        const Ended& ended = *processes_(role).ended();
        launched_.timed.clear();
        launched_.interrupted = ended.interrupted;
        launched_.died = fmt::format("{} ended: {}", words_for(role), ended.how);
        launched_.culprit = wanted_[i].name;
        launched_.died_as_same_code = role == Role::same_code;
        return false;
    }

  private:
    static std::int64_t calls_within(std::int64_t ns, double call) {
        return std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(ns) / call));
    }

    static void unavailable(Role role, Timed& timed, const Answer& answer) {
        switch (role) {
            case Role::measured:
                timed.not_measured = answer.reason;
                break;
            case Role::against:
                timed.not_against = answer.reason;
                break;
            case Role::same_code:
                timed.failed = fmt::format("{}: {}", words_for(role), answer.reason);
                timed.failed_as_same_code = true;
                break;
        }
    }

    /// The time of a block; 0 where Python raised, which ends the timing of this benchmark.
    /// Nothing: the process has ended.
    std::optional<std::int64_t> block(Role role, std::size_t i, std::int64_t iterations) {
        const auto answer = processes_(role).time_block(wanted_[i].name, iterations, interrupts_);
        if (!answer) {
            lost(role, i);
            return std::nullopt;
        }
        if (!answer->reason.empty()) {
            launched_.timed[i].failed = fmt::format("{}: {}", words_for(role), answer->reason);
            launched_.timed[i].failed_as_same_code = role == Role::same_code;
        }
        return answer->ns;
    }

    bool take(const Turn& turn) {
        std::int64_t ns[3] = {0, 0, 0};
        for (const Role role : turn.roles) {
            const Timed& timed = launched_.timed[turn.benchmark];
            if (!is_timed(timed)) return true;
            const auto took = block(role, turn.benchmark, timed.iterations);
            if (!took) return false;
            ns[static_cast<int>(role)] = *took;
        }
        Timed& timed = launched_.timed[turn.benchmark];
        const std::int64_t against = ns[static_cast<int>(Role::against)];
        if (!is_timed(timed)) return true;
        for (const Role role : turn.roles) {
            const Pair pair{ns[static_cast<int>(role)], against};
            if (role == Role::measured) timed.pairs.push_back(pair);
            if (role == Role::same_code) timed.same_code_pairs.push_back(pair);
        }
        return true;
    }

    Processes processes_;
    const PairingOptions& options_;
    const std::vector<Wanted>& wanted_;
    const run::Interrupts& interrupts_;
    const Progress& progress_;
    Launched launched_;
};

const TimedSide& side_of(Role role, const PairingOptions& options) {
    return role == Role::measured ? options.measured : options.against;
}

}  // namespace

std::string_view words_for(Role role) {
    switch (role) {
        case Role::measured:
            return "the measured side";
        case Role::against:
            return "the other side";
        case Role::same_code:
            return "the other side's second process";
    }
    return "";
}

Result<Launch> Launch::start(const PairingOptions& options, const std::vector<Role>& roles,
                             std::mt19937_64& random, const run::Interrupts& interrupts,
                             bool& interrupted) {
    Launch launch;
    for (const Role role : roles) {
        const TimedSide& side = side_of(role, options);
        Result<TimingProcess> process =
            TimingProcess::start(side.executable, side.plan, accidents(random));
        if (!process) return tl::unexpected(process.error());
        launch.members_.push_back({role, std::move(*process)});
    }
    for (Member& member : launch.members_) {
        if (member.process.wait_for_hello(interrupts)) continue;
        interrupted = member.process.ended()->interrupted;
        return tl::unexpected(Error{
            "", 0,
            fmt::format("{}, {}, ended before it had timed anything: {}", words_for(member.role),
                        side_of(member.role, options).what, member.process.ended()->how),
            "`exportgate env update` builds what times"});
    }
    return launch;
}

const TimingProcess& Launch::of(Role role) const {
    return const_cast<Launch*>(this)->process(role);
}

TimingProcess& Launch::process(Role role) {
    return std::find_if(members_.begin(), members_.end(),
                        [=](const Member& member) { return member.role == role; })
        ->process;
}

Launched Launch::time(const PairingOptions& options, const std::vector<Wanted>& wanted,
                      std::mt19937_64& random, const run::Interrupts& interrupts,
                      const std::function<void(const std::string&, double)>& progress) {
    const Steady::time_point start = Steady::now();
    Timer timer([this](Role role) -> TimingProcess& { return process(role); }, options, wanted,
                interrupts, progress);
    if (!timer.prepare()) return std::move(timer.launched());
    for (const Member& member : members_) {
        if (const Result<void> pinned = member.process.pin(options.cpu); !pinned) {
            timer.launched().timed.clear();
            timer.launched().died =
                fmt::format("{}: {}", words_for(member.role), to_string(pinned.error()));
            return std::move(timer.launched());
        }
    }
    if (!timer.choose_iterations()) return std::move(timer.launched());
    timer.launched().starting = Steady::now() - start;
    (void)timer.time(random);
    return std::move(timer.launched());
}

}  // namespace exportgate::bench
