#include "bench/pairing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "bench/gate.h"
#include "bench/launch.h"

namespace exportgate::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int most_launches_of_a_budget = 1001;
constexpr int most_attempts = 3;  // at a launch in which processes die

std::string now_utc() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

std::map<std::string, std::string> reasons_of(const TimingProcess& process,
                                              std::vector<std::string>& order) {
    std::map<std::string, std::string> reasons;
    for (const Listed& one : process.listed()) {
        if (one.name.is_floor()) continue;  // it is no code of a case
        if (reasons.emplace(one.name.text, one.reason).second) order.push_back(one.name.text);
    }
    return reasons;
}

/// Evenly spread over what both sides have, from a random start.
std::vector<std::size_t> chosen_sentinels(const std::vector<Series>& all, int count,
                                          std::mt19937_64& random) {
    std::vector<std::size_t> candidates;
    std::vector<std::size_t> calls;  // may turn out not to be exportable
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!all[i].not_measured.empty() || !all[i].not_against.empty()) continue;
        (all[i].name.operation == "call" ? calls : candidates).push_back(i);
    }
    if (candidates.empty() || count == 0)
        candidates.insert(candidates.end(), calls.begin(), calls.end());
    std::sort(candidates.begin(), candidates.end());
    const std::size_t n = candidates.size();
    const std::size_t wanted = count == 0 ? n : std::min(n, static_cast<std::size_t>(count));
    if (wanted == n) return candidates;
    const std::size_t start = random() % n;
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < wanted; ++i)
        chosen.push_back(candidates[(start + i * n / wanted) % n]);
    return chosen;
}

class Pairing {
  public:
    Pairing(const PairingOptions& options, const PairingEvents& events)
        : options_(options), events_(events), random_(static_cast<std::uint64_t>(options.seed)) {
        session_.date = now_utc();
        session_.measured.cases = options.measured.cases;
        session_.against.cases = options.against.cases;
        session_.seed = options.seed;
        session_.launches = options.launches;
        session_.pairs = options.pairs;
        session_.block_ns = options.block_ns;
        session_.cpu = options.cpu;
    }

    Result<Session> run() {
        for (int i = 0; i < session_.launches && !interrupted_; ++i) {
            if (Result<void> done = launch(false, i); !done) return tl::unexpected(done.error());
        }
        if (options_.again) {
            for (const auto& one : benchmarks_)
                again_.emplace(one.first, needs_fresh_launches(session_.benchmarks[one.second]));
            for (const auto& one : same_code_)
                same_code_again_.emplace(one.first,
                                         needs_fresh_launches(session_.same_code[one.second]));
            for (int i = 0; i < session_.launches && !interrupted_; ++i) {
                if (Result<void> done = launch(true, i); !done) return tl::unexpected(done.error());
            }
        }
        session_.complete = !interrupted_;
        if (interrupted_) session_.reason = "interrupted";
        return std::move(session_);
    }

  private:
    bool is_open(const Series& series) const {
        return series.not_measured.empty() && series.not_against.empty() && series.failed.empty();
    }

    /// What a launch of a stage is to time, in the order of the session.
    std::vector<Wanted> wanted(bool again) const {
        std::vector<Wanted> all;
        for (const Series& series : session_.benchmarks) {
            const std::string& name = series.name.text;
            std::vector<Role> roles;
            if (is_open(series) && (!again || again_.at(name))) roles.push_back(Role::measured);
            const auto sentinel = same_code_.find(name);
            if (sentinel != same_code_.end() && is_open(session_.same_code[sentinel->second]) &&
                is_open(series) && (!again || same_code_again_.at(name)))
                roles.push_back(Role::same_code);
            if (roles.empty()) continue;
            roles.push_back(Role::against);
            all.push_back({name, roles});
        }
        return all;
    }

    static std::vector<Role> roles_of(const std::vector<Wanted>& wanted) {
        std::set<Role> roles{Role::measured, Role::against};
        for (const Wanted& one : wanted)
            roles.insert(one.roles.begin(), one.roles.end());
        return {roles.begin(), roles.end()};
    }

    /// What the sides have, from the first launch.
    Result<void> meet(const Launch& launch) {
        session_.measured.environment = launch.of(Role::measured).hello().environment;
        session_.measured.context = launch.of(Role::measured).hello().context;
        session_.against.environment = launch.of(Role::against).hello().environment;
        session_.against.context = launch.of(Role::against).hello().context;
        std::vector<std::string> order;
        const auto measured = reasons_of(launch.of(Role::measured), order);
        std::vector<std::string> others;
        const auto against = reasons_of(launch.of(Role::against), others);
        std::copy_if(others.begin(), others.end(), std::back_inserter(order),
                     [&](const std::string& name) { return !measured.contains(name); });
        const auto reason_in = [](const auto& reasons, const std::string& name) {
            const auto found = reasons.find(name);
            return found == reasons.end() ? "there is no such benchmark" : found->second;
        };
        for (const std::string& name : order) {
            Series series;
            series.name = *parse_name(name);
            series.threshold = options_.threshold(series.name);
            series.not_measured = reason_in(measured, name);
            series.not_against = reason_in(against, name);
            benchmarks_.emplace(name, session_.benchmarks.size());
            session_.benchmarks.push_back(std::move(series));
        }
        if (order.empty()) {
            return tl::unexpected(
                Error{"", 0, "no benchmark is matched", "`exportgate bench` shows their names"});
        }
        for (const std::size_t i :
             chosen_sentinels(session_.benchmarks, options_.same_code, random_)) {
            const Series& series = session_.benchmarks[i];
            same_code_.emplace(series.name.text, session_.same_code.size());
            session_.same_code.emplace_back();
            session_.same_code.back().name = series.name;
            session_.same_code.back().threshold = series.threshold;
        }
        return {};
    }

    /// One launch, again where a process dies; whose fault that is, is not timed any more. Errors:
    /// in the first one, see time_pairs().
    Result<void> launch(bool again, int index) {
        std::string last_death;
        for (int attempt = 0; attempt < most_attempts && !interrupted_; ++attempt) {
            const bool first = session_.benchmarks.empty();
            std::vector<Wanted> asked = wanted(again);
            if (asked.empty() && !first) return {};
            tell(again, index, "starting", asked.size(), 0);
            const Steady::time_point start = Steady::now();
            const std::vector<Role> roles =
                first ? std::vector<Role>{Role::measured, Role::against, Role::same_code}
                      : roles_of(asked);
            Result<Launch> launch =
                Launch::start(options_, roles, random_, interrupts_, interrupted_);
            if (interrupted_) return {};
            if (!launch && first) return tl::unexpected(launch.error());
            if (!launch) {
                last_death = launch.error().what;
                continue;
            }
            if (first) {
                if (Result<void> met = meet(*launch); !met) return met;
                asked = wanted(again);
            }
            const std::chrono::duration<double> started = Steady::now() - start;
            Launched launched = launch->time(options_, asked, random_, interrupts_,
                                             [&](const std::string& doing, double share) {
                                                 tell(again, index, doing, asked.size(), share);
                                             });
            interrupted_ = launched.interrupted;
            if (interrupted_) return {};
            if (launched.died.empty()) {
                keep(again, asked, launched);
                if (first && options_.budget)
                    return fit_budget(Steady::now() - start, started + launched.starting);
                return {};
            }
            last_death = launched.died;
            blame(launched);
        }
        for (const Wanted& one : wanted(again))
            fail(one.name, last_death, false);
        return {};
    }

    void blame(const Launched& launched) {
        if (!launched.culprit.empty())
            fail(launched.culprit, launched.died, launched.died_as_same_code);
        if (!events_.notice) return;
        events_.notice(launched.culprit.empty()
                           ? launched.died + "\nThe launch begins again."
                           : fmt::format("{}\nThe launch begins again without {}.", launched.died,
                                         launched.culprit));
    }

    /// What ends the timing of a benchmark ends that of the same code too. Only where it was the
    /// second process of the same code does that say something of the session as a whole.
    void fail(const std::string& name, const std::string& reason, bool as_same_code) {
        session_.benchmarks[benchmarks_.at(name)].failed = reason;
        const auto sentinel = same_code_.find(name);
        if (sentinel == same_code_.end()) return;
        if (as_same_code) {
            session_.same_code[sentinel->second].failed = reason;
        } else {
            drop_sentinel(name);
        }
    }

    void drop_sentinel(const std::string& name) {
        std::erase_if(session_.same_code,
                      [&](const Series& series) { return series.name.text == name; });
        same_code_.clear();
        for (std::size_t i = 0; i < session_.same_code.size(); ++i)
            same_code_.emplace(session_.same_code[i].name.text, i);
    }

    void keep(bool again, const std::vector<Wanted>& asked, Launched& launched) {
        for (std::size_t i = 0; i < asked.size(); ++i) {
            Timed& timed = launched.timed[i];
            const std::string& name = asked[i].name;
            Series& series = session_.benchmarks[benchmarks_.at(name)];
            const bool lost = !timed.not_measured.empty() || !timed.not_against.empty();
            if (lost && series.first.empty()) {
                // The first time that it was asked for: it is one of those that cannot be had.
                series.not_measured = timed.not_measured;
                series.not_against = timed.not_against;
                if (same_code_.contains(name)) drop_sentinel(name);
            } else if (lost) {
                fail(name,
                     "available in one launch and not in a later one: " +
                         (timed.not_measured.empty() ? timed.not_against : timed.not_measured),
                     false);
            } else if (!timed.failed.empty()) {
                fail(name, timed.failed, timed.failed_as_same_code);
            } else {
                add(series, again, timed.iterations, timed.pairs);
                const auto sentinel = same_code_.find(name);
                if (sentinel != same_code_.end()) {
                    add(session_.same_code[sentinel->second], again, timed.iterations,
                        timed.same_code_pairs);
                }
            }
        }
        ++launches_done_;
    }

    void add(Series& series, bool again, std::int64_t iterations, std::vector<Pair>& pairs) const {
        if (pairs.empty()) return;
        (again ? series.fresh : series.first)
            .push_back({launches_done_, iterations, std::move(pairs)});
    }

    Result<void> fit_budget(std::chrono::duration<double> whole,
                            std::chrono::duration<double> starting) {
        session_.launches = launches_within(*options_.budget, whole, starting);
        if (session_.launches > 0) return {};
        const double least = (whole + starting).count() * least_launches;
        return tl::unexpected(Error{
            "", 0,
            fmt::format("a budget of {:g} s is too short: {} launches are the least, and they "
                        "take about {:.0f} s",
                        options_.budget->count(), least_launches, std::ceil(least)),
            "give it more time, or name fewer benchmarks"});
    }

    void tell(bool again, int index, const std::string& doing, std::size_t benchmarks,
              double share) const {
        if (!events_.progress) return;
        events_.progress({again, index + 1, session_.launches, doing, benchmarks, share});
    }

    const PairingOptions& options_;
    const PairingEvents& events_;
    std::mt19937_64 random_;
    run::Interrupts interrupts_;
    bool interrupted_ = false;
    int launches_done_ = 0;
    Session session_;
    std::map<std::string, std::size_t> benchmarks_;  // name -> position in session_
    std::map<std::string, std::size_t> same_code_;
    std::map<std::string, bool> again_;
    std::map<std::string, bool> same_code_again_;
};

}  // namespace

int launches_within(std::chrono::duration<double> budget, std::chrono::duration<double> launch,
                    std::chrono::duration<double> starting) {
    const double fitting = std::floor(budget / (launch + starting));
    if (!(fitting >= least_launches)) return 0;
    return static_cast<int>(std::min<double>(fitting, most_launches_of_a_budget));
}

Result<Session> time_pairs(const PairingOptions& options, const PairingEvents& events) {
    return Pairing(options, events).run();
}

}  // namespace exportgate::bench
