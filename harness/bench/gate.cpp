#include "bench/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/statistics.h"

namespace exportgate::bench {
namespace {

constexpr double unknown_number = std::numeric_limits<double>::quiet_NaN();

/// Where a ratio lies: above the line, below the opposite one, or between.
Speed position(double ratio, double threshold) {
    if (ratio > threshold) return Speed::slower;
    if (ratio < 1 / threshold) return Speed::faster;
    return Speed::same;
}

/// A slowdown that must not go by unseen is not excluded.
bool may_be_slow(const Interval& interval, double threshold) {
    return interval.high >= threshold * threshold;
}

double per_call(const std::vector<LaunchPairs>& launches, std::int64_t Pair::*side) {
    std::vector<double> of_launches;
    for (const LaunchPairs& launch : launches) {
        std::vector<double> calls;
        for (const Pair& pair : launch.pairs)
            calls.push_back(static_cast<double>(pair.*side) /
                            static_cast<double>(launch.iterations));
        of_launches.push_back(median(calls));
    }
    return median(of_launches);
}

/// How many launches an inconclusive comparison would take: enough that the interval stays clear of
/// the line that it could not be told from.
int to_settle(const Comparison& comparison, double line) {
    std::vector<double> logs;
    for (const std::vector<double>* ratios :
         {&comparison.launch_ratios, &comparison.fresh_launch_ratios}) {
        for (const double ratio : *ratios)
            logs.push_back(std::log(ratio));
    }
    return values_to_settle(logs, std::abs(std::log(line) - median(logs)));
}

Comparison inconclusive(Comparison comparison, std::string why) {
    comparison.verdict = Speed::inconclusive;
    comparison.why = std::move(why);
    return comparison;
}

/// Why the timing of `series` cannot be judged; empty: it can.
std::string not_as_asked(const Series& series, int launches) {
    if (!series.not_measured.empty())
        return fmt::format("not available on the measured side: {}", series.not_measured);
    if (!series.not_against.empty())
        return fmt::format("not available on the other side: {}", series.not_against);
    if (!series.failed.empty()) return series.failed;
    const auto count = static_cast<int>(series.first.size());
    if (count < launches) return fmt::format("timed in {} of {} launches", count, launches);
    if (launches < least_launches) {
        return fmt::format("{} launch{} cannot be judged: {} are the least", launches,
                           launches == 1 ? "" : "es", least_launches);
    }
    return "";
}

/// Both stages were timed as asked.
Comparison judge_again(Comparison comparison, const Interval& interval) {
    const double threshold = comparison.threshold;
    const double first_ratio = median(comparison.launch_ratios);
    const Speed first = position(first_ratio, threshold);
    const Speed fresh = position(comparison.ratio, threshold);
    const bool contrary = fresh == Speed::faster && first == Speed::slower;
    if (contrary || (fresh == Speed::slower && first != Speed::slower)) {
        comparison.launches_to_settle = to_settle(comparison, threshold);
        std::string why = fmt::format(
            "{:.3f} in the first launches and {:.3f} in fresh ones: only one of them is above {:g}",
            first_ratio, comparison.ratio, threshold);
        return inconclusive(std::move(comparison), std::move(why));
    }
    if (fresh != Speed::slower && may_be_slow(interval, threshold)) {
        comparison.launches_to_settle = to_settle(comparison, threshold * threshold);
        return inconclusive(
            std::move(comparison),
            fmt::format("a slowdown of {:.0f}% is not excluded: the launches' ratios reach {:.3f}",
                        (threshold * threshold - 1) * 100, interval.high));
    }
    comparison.verdict = fresh == first ? fresh : Speed::same;
    if (first != comparison.verdict) {
        comparison.why =
            fmt::format("{:.3f} in the first launches, not so in fresh ones", first_ratio);
    }
    return comparison;
}

std::string count_of(std::size_t number, std::string_view noun) {
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::size_t how_many(const std::vector<Comparison>& comparisons, Speed verdict) {
    return static_cast<std::size_t>(
        std::count_if(comparisons.begin(), comparisons.end(),
                      [=](const Comparison& one) { return one.verdict == verdict; }));
}

void conclude(const Session& session, SessionResult& result) {
    const auto& all = result.comparisons;
    const std::size_t slower = how_many(all, Speed::slower);
    const std::size_t unclear = how_many(all, Speed::inconclusive);
    const std::size_t not_same = result.same_code.size() - how_many(result.same_code, Speed::same);
    if (!session.complete) {
        result.verdict = SessionVerdict::incomplete;
        result.why = session.reason.empty() ? "the session has no end" : session.reason;
    } else if (all.empty()) {
        result.verdict = SessionVerdict::inconclusive;
        result.why = "nothing was compared";
    } else if (result.same_code.empty()) {
        result.verdict = SessionVerdict::void_session;
        result.why = "no code was timed against itself, so nothing says how noisy the machine was";
    } else if (not_same > 0) {
        result.verdict = SessionVerdict::void_session;
        result.why = fmt::format("of {} of the same code, {} did not come out as the same",
                                 count_of(result.same_code.size(), "pair"), not_same);
    } else if (slower > 0) {
        result.verdict = SessionVerdict::slower;
        result.why = fmt::format("{} of {} slower", slower, count_of(all.size(), "benchmark"));
    } else if (unclear > 0) {
        result.verdict = SessionVerdict::inconclusive;
        result.why =
            fmt::format("{} of {} inconclusive", unclear, count_of(all.size(), "benchmark"));
    } else {
        result.verdict = SessionVerdict::good;
        result.why = fmt::format("none of {} slower", count_of(all.size(), "benchmark"));
    }
}

}  // namespace

std::vector<double> launch_ratios(const std::vector<LaunchPairs>& launches) {
    std::vector<double> ratios;
    for (const LaunchPairs& launch : launches) {
        std::vector<double> of_pairs;
        for (const Pair& pair : launch.pairs)
            of_pairs.push_back(static_cast<double>(pair.measured_ns) /
                               static_cast<double>(pair.against_ns));
        ratios.push_back(median(of_pairs));
    }
    return ratios;
}

bool needs_fresh_launches(const Series& series) {
    const std::vector<double> ratios = launch_ratios(series.first);
    if (ratios.empty() || !series.failed.empty()) return false;
    return position(median(ratios), series.threshold) != Speed::same ||
           may_be_slow(median_interval(ratios), series.threshold);
}

Comparison compare(const Series& series, int launches) {
    Comparison comparison;
    comparison.name = series.name;
    comparison.threshold = series.threshold;
    comparison.launch_ratios = launch_ratios(series.first);
    comparison.fresh_launch_ratios = launch_ratios(series.fresh);
    const bool again = !series.fresh.empty();
    const std::vector<LaunchPairs>& judged = again ? series.fresh : series.first;
    const std::vector<double>& ratios =
        again ? comparison.fresh_launch_ratios : comparison.launch_ratios;
    const Interval interval = median_interval(ratios);
    comparison.ratio = median(ratios);
    comparison.low = interval.low;
    comparison.high = interval.high;
    comparison.coverage = interval.coverage;
    comparison.measured_ns = per_call(judged, &Pair::measured_ns);
    comparison.against_ns = per_call(judged, &Pair::against_ns);

    if (std::string why = not_as_asked(series, launches); !why.empty()) {
        return inconclusive(std::move(comparison), std::move(why));
    }
    if (!needs_fresh_launches(series)) {
        comparison.verdict = Speed::same;
        return comparison;
    }
    if (static_cast<int>(series.fresh.size()) < launches) {
        const double first_ratio = median(comparison.launch_ratios);
        return inconclusive(
            std::move(comparison),
            fmt::format("{:.3f} in the first launches, timed again in {} of {} fresh ones",
                        first_ratio, series.fresh.size(), launches));
    }
    return judge_again(std::move(comparison), interval);
}

SessionResult judge(const Session& session) {
    SessionResult result;
    for (const Series& series : session.benchmarks) {
        // What only the measured side has is new; what neither has is no difference. What the
        // measured side has lost is one.
        if (!series.not_against.empty() && series.failed.empty()) {
            result.not_compared.push_back(
                {series.name, series.not_measured.empty()
                                  ? fmt::format("only on the measured side; on the other: {}",
                                                series.not_against)
                                  : series.not_measured});
        } else {
            result.comparisons.push_back(compare(series, session.launches));
        }
    }
    for (const Series& series : session.same_code)
        result.same_code.push_back(compare(series, session.launches));
    conclude(session, result);
    return result;
}

std::string_view to_text(Speed verdict) {
    switch (verdict) {
        case Speed::faster:
            return "faster";
        case Speed::same:
            return "same";
        case Speed::slower:
            return "slower";
        case Speed::inconclusive:
            return "inconclusive";
    }
    return "";
}

std::string_view to_text(SessionVerdict verdict) {
    switch (verdict) {
        case SessionVerdict::good:
            return "good";
        case SessionVerdict::slower:
            return "slower";
        case SessionVerdict::inconclusive:
            return "inconclusive";
        case SessionVerdict::void_session:
            return "void";
        case SessionVerdict::incomplete:
            return "incomplete";
    }
    return "";
}

int exit_code(SessionVerdict verdict) {
    switch (verdict) {
        case SessionVerdict::good:
            return 0;
        case SessionVerdict::slower:
            return 1;
        case SessionVerdict::inconclusive:
        case SessionVerdict::void_session:
            return 2;
        case SessionVerdict::incomplete:
            return 130;
    }
    return 2;
}

}  // namespace exportgate::bench
