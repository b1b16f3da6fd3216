// How often the gate is wrong: draws sessions of the shipped length out of many real launches, has
// the shipped rule judge them, and counts. Writes a Markdown table for docs/benchmarks.md.
//
//   gate_resampling [--sessions N] [--launches 5] [--seed 0] NAME=FOLDER...
//
// A FOLDER holds sessions of one launch each (ci/calibrate), in which the slowed case was timed
// against the shipped one, and the shipped one against itself. Launches of a drawn session are
// drawn without replacement, the fresh ones from the rest.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "bench/gate.h"
#include "bench/session_json.h"
#include "bench/statistics.h"

namespace {

namespace fs = std::filesystem;
using namespace exportgate;
using namespace exportgate::bench;

struct Options {
    int sessions = 20'000;
    int launches = 5;
    std::uint64_t seed = 0;
    std::vector<std::pair<std::string, fs::path>> groups;
};

/// One benchmark in all launches of a folder.
struct Launches {
    Name name;
    double threshold = 0;
    std::vector<LaunchPairs> slowed;
    std::vector<LaunchPairs> same;
};

struct Group {
    std::string name;
    std::size_t launches = 0;
    Session first;  // for what all have in common
    std::vector<Launches> benchmarks;
};

struct Counts {
    int slower = 0;
    int inconclusive = 0;
    int faster = 0;
    int over_once = 0;  // in the first launches, before fresh ones were asked

    void count(const Series& series, Speed verdict) {
        slower += verdict == Speed::slower;
        inconclusive += verdict == Speed::inconclusive;
        faster += verdict == Speed::faster;
        over_once += median(launch_ratios(series.first)) > series.threshold;
    }
};

/// Sessions of launches that ran one after the other: a machine's bad minutes stay together.
struct InOrder {
    int sessions = 0;
    Counts same;
    Counts slowed;
    int all_found = 0;
};

struct Found {
    std::vector<Counts> same;  // by benchmark
    std::vector<Counts> slowed;
    Counts same_session;    // of a session in which no benchmark was slowed
    Counts slowed_session;  // in which all were: slower where at least one was found
    int voided = 0;
    InOrder in_order;
    int all_found = 0;  // sessions in which every slowed benchmark was found
};

Result<Group> read_group(const std::string& name, const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder, failure)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    if (failure)
        return tl::unexpected(
            Error{folder.string(), 0, failure.message(), "ci/calibrate makes it"});
    std::sort(files.begin(), files.end());
    Group group;
    group.name = name;
    std::map<std::string, std::size_t> positions;
    for (const fs::path& file : files) {
        Result<Session> session = read_session(file);
        if (!session) return tl::unexpected(session.error());
        const auto refused = [&](const std::string& what) {
            return tl::unexpected(Error{file.string(), 0, what, "remove it and run ci/calibrate"});
        };
        if (!session->complete || session->launches != 1)
            return refused("not a complete session of one launch");
        if (session->benchmarks.size() != session->same_code.size())
            return refused("not every benchmark was timed against the same code");
        if (group.launches == 0) group.first = *session;
        if (session->pairs != group.first.pairs || session->block_ns != group.first.block_ns ||
            session->benchmarks.size() != group.first.benchmarks.size())
            return refused("was not run as the others were");
        for (std::size_t i = 0; i < session->benchmarks.size(); ++i) {
            Series& slowed = session->benchmarks[i];
            Series& same = session->same_code[i];
            if (slowed.name != same.name || slowed.first.size() != 1 || same.first.size() != 1)
                return refused(slowed.name.text + " was not timed");
            const auto [position, is_new] =
                positions.emplace(slowed.name.text, group.benchmarks.size());
            if (is_new) group.benchmarks.push_back({slowed.name, slowed.threshold, {}, {}});
            group.benchmarks[position->second].slowed.push_back(std::move(slowed.first.front()));
            group.benchmarks[position->second].same.push_back(std::move(same.first.front()));
        }
        ++group.launches;
    }
    for (const Launches& one : group.benchmarks) {
        if (one.slowed.size() != group.launches)
            return tl::unexpected(
                Error{folder.string(), 0, one.name.text + " is not in every launch", ""});
    }
    return group;
}

Series drawn(const Launches& benchmark, const std::vector<LaunchPairs>& from,
             const std::vector<std::size_t>& order, std::size_t launches) {
    Series series;
    series.name = benchmark.name;
    series.threshold = benchmark.threshold;
    for (std::size_t i = 0; i < launches; ++i)
        series.first.push_back(from[order[i]]);
    if (!needs_fresh_launches(series)) return series;
    for (std::size_t i = launches; i < 2 * launches; ++i)
        series.fresh.push_back(from[order[i]]);
    return series;
}

SessionResult count_session(Counts& counts, const Session& session) {
    SessionResult result = judge(session);
    counts.slower += result.verdict == SessionVerdict::slower;
    counts.inconclusive += result.verdict == SessionVerdict::inconclusive;
    return result;
}

/// The session that `order` draws: its first launches, then the fresh ones.
Session session_of(const Group& group, std::vector<LaunchPairs> Launches::*of,
                   const std::vector<std::size_t>& order, int launches) {
    Session session = group.first;
    session.launches = launches;
    session.benchmarks.clear();
    for (const Launches& one : group.benchmarks)
        session.benchmarks.push_back(
            drawn(one, one.*of, order, static_cast<std::size_t>(launches)));
    // Whether the session is void is counted by itself: here what the benchmarks say.
    Series steady = session.benchmarks.front();
    for (LaunchPairs& launch : steady.first) {
        for (Pair& pair : launch.pairs)
            pair.measured_ns = pair.against_ns;
    }
    steady.fresh.clear();
    session.same_code = {steady};
    return session;
}

bool all_are_slower(const SessionResult& result) {
    return std::all_of(
        result.comparisons.begin(), result.comparisons.end(),
        [](const Comparison& comparison) { return comparison.verdict == Speed::slower; });
}

/// Whether the same-code pairs of a session of `order` would void it; there are as many as shipped.
bool is_voided(const Group& group, const std::vector<std::size_t>& order, int launches,
               std::size_t which) {
    constexpr std::size_t pairs = 4;
    for (std::size_t i = 0; i < pairs; ++i) {
        const std::size_t n = group.benchmarks.size();
        const Launches& one = group.benchmarks[(which + i * n / pairs) % n];
        const Series series = drawn(one, one.same, order, static_cast<std::size_t>(launches));
        if (compare(series, launches).verdict != Speed::same) return true;
    }
    return false;
}

Found resample(const Group& group, const Options& options) {
    std::mt19937_64 random(options.seed);
    Found found;
    found.same.resize(group.benchmarks.size());
    found.slowed.resize(group.benchmarks.size());
    std::vector<std::size_t> order(group.launches);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (int n = 0; n < options.sessions; ++n) {
        std::shuffle(order.begin(), order.end(), random);
        const Session same = session_of(group, &Launches::same, order, options.launches);
        const Session slowed = session_of(group, &Launches::slowed, order, options.launches);
        const SessionResult on_same = count_session(found.same_session, same);
        const SessionResult on_slowed = count_session(found.slowed_session, slowed);
        for (std::size_t i = 0; i < group.benchmarks.size(); ++i) {
            found.same[i].count(same.benchmarks[i], on_same.comparisons[i].verdict);
            found.slowed[i].count(slowed.benchmarks[i], on_slowed.comparisons[i].verdict);
        }
        found.all_found += all_are_slower(on_slowed);
        found.voided += is_voided(group, order, options.launches, static_cast<std::size_t>(n));
    }
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t start = 0; start < group.launches; ++start) {
        InOrder& counts = found.in_order;
        ++counts.sessions;
        count_session(counts.same, session_of(group, &Launches::same, order, options.launches));
        counts.all_found += all_are_slower(count_session(
            counts.slowed, session_of(group, &Launches::slowed, order, options.launches)));
        std::rotate(order.begin(), order.begin() + 1, order.end());
    }
    return found;
}

std::string percent(int count, int of) {
    const double share = 100.0 * count / of;
    if (count > 0 && share < 0.005) return "<0.01%";
    return count == 0 ? "0" : fmt::format("{:.2f}%", share);
}

double overall_ratio(const std::vector<LaunchPairs>& launches) {
    return median(launch_ratios(launches));
}

/// Half of the launches' ratios lie this near the median, in percent.
double spread(const std::vector<LaunchPairs>& launches) {
    const std::vector<double> ratios = launch_ratios(launches);
    const double center = median(ratios);
    std::vector<double> deviations;
    for (const double ratio : ratios)
        deviations.push_back(std::abs(ratio - center));
    return 100 * median(deviations);
}

/// P(at most k of n) where each has the probability q.
double at_most(std::size_t n, std::size_t k, double q) {
    double sum = 0;
    double term = std::pow(1 - q, static_cast<double>(n));
    for (std::size_t i = 0; i <= k; ++i) {
        sum += term;
        term *= static_cast<double>(n - i) / static_cast<double>(i + 1) * q / (1 - q);
    }
    return sum;
}

/// The probability that is not larger, with 95% confidence, where k of n were seen (C. J. Clopper
/// and E. S. Pearson, Biometrika 26, 1934).
double upper_bound(std::size_t n, std::size_t k) {
    if (k >= n) return 1;
    double low = 0;
    double high = 1;
    for (int i = 0; i < 60; ++i) {
        const double q = (low + high) / 2;
        (at_most(n, k, q) > 0.05 ? low : high) = q;
    }
    return high;
}

/// The probability that the median of a stage is over the line where a launch is with probability
/// q.
double stage_over(int launches, double q) {
    const auto n = static_cast<std::size_t>(launches);
    return 1 - at_most(n, n / 2, q);
}

/// Of a probability of 2.7e-7: "3.7 million", of 0.0017: "580".
std::string one_in(double probability) {
    const double number = 1 / probability;
    if (!(number < 1e12)) return "more than a million million";
    if (number >= 1e6) return fmt::format("{:.1f} million", number / 1e6);
    const double step = std::pow(10, std::max(0.0, std::floor(std::log10(number)) - 1));
    return fmt::format("{:.0f}", std::floor(number / step) * step);
}

/// What follows from the launches alone, without drawing anything.
std::string bounds_text(const Group& group, const Options& options) {
    std::size_t over = 0;
    std::size_t under = 0;
    for (const Launches& one : group.benchmarks) {
        const auto count = [&](const std::vector<LaunchPairs>& launches, auto is_wrong) {
            const std::vector<double> ratios = launch_ratios(launches);
            return static_cast<std::size_t>(std::count_if(ratios.begin(), ratios.end(), is_wrong));
        };
        over = std::max(over, count(one.same, [&](double r) { return r > one.threshold; }));
        under = std::max(under, count(one.slowed, [&](double r) { return r <= one.threshold; }));
    }
    const double q_over = upper_bound(group.launches, over);
    const double q_under = upper_bound(group.launches, under);
    const double false_alarm = std::pow(stage_over(options.launches, q_over), 2);
    const double missed = 2 * stage_over(options.launches, q_under);
    return fmt::format(
        "Without drawing: of the {} launches of one benchmark at most {} were above the line with "
        "the "
        "same code, and at most {} not above it with the slowed. With 95% confidence that is less "
        "than "
        "{:.1f}% and {:.1f}% of all launches (Clopper and Pearson). Where launches are "
        "independent, "
        "that makes at most one false alarm in {} sessions and one missed slowdown in {}, for each "
        "benchmark.\n",
        group.launches, over, under, 100 * q_over, 100 * q_under, one_in(false_alarm),
        one_in(missed));
}

std::string group_text(const Group& group, const Found& found, const Options& options) {
    const int n = options.sessions;
    std::string text = fmt::format(
        "**{}**: {} launches on torch {}, Python {}, {} pairs of blocks of {:g} ms; {} sessions of "
        "{} "
        "launches (and {} fresh ones for what they leave open) drawn from them.\n\n",
        group.name, group.launches, group.first.measured.environment.torch_build,
        group.first.measured.environment.python, group.first.pairs,
        static_cast<double>(group.first.block_ns) / 1e6, n, options.launches, options.launches);
    text +=
        "| benchmark | ns | same code: ratio | false alarms | over the line once | inconclusive | "
        "slowed: ratio | found | inconclusive |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n";
    for (std::size_t i = 0; i < group.benchmarks.size(); ++i) {
        const Launches& one = group.benchmarks[i];
        Series series;
        series.first = one.same;
        text += fmt::format(
            "| `{}` | {:.0f} | {:.3f} ± {:.1f}% | {} | {} | {} | {:.3f} ± {:.1f}% | "
            "{} | {} |\n",
            one.name.text.substr(one.name.text.find('/') + 1), compare(series, 1).against_ns,
            overall_ratio(one.same), spread(one.same), percent(found.same[i].slower, n),
            percent(found.same[i].over_once, n), percent(found.same[i].inconclusive, n),
            overall_ratio(one.slowed), spread(one.slowed), percent(found.slowed[i].slower, n),
            percent(found.slowed[i].inconclusive, n));
    }
    text += fmt::format(
        "| **session of all {}** | | | **{}** | | **{}** | | **{}** (all {}: {}) | {} |\n\n",
        group.benchmarks.size(), percent(found.same_session.slower, n),
        percent(found.same_session.inconclusive, n), percent(found.slowed_session.slower, n),
        group.benchmarks.size(), percent(found.all_found, n),
        percent(found.slowed_session.inconclusive, n));
    const InOrder& in_order = found.in_order;
    text += fmt::format(
        "Void for their four same-code pairs: {} of the sessions. Of the {} sessions of launches "
        "that "
        "ran one after the other, {} were false alarms, {} inconclusive; the slowdown was found in "
        "{}, for all {} benchmarks in {}.\n",
        percent(found.voided, n), in_order.sessions, in_order.same.slower,
        in_order.same.inconclusive, in_order.slowed.slower, group.benchmarks.size(),
        in_order.all_found);
    return text + "\n" + bounds_text(group, options);
}

template <class Number>
bool read_number(const std::string& text, Number& number) {
    const char* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    return failure == std::errc{} && stop == end;
}

bool read_options(int argc, char** argv, Options& options) {
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const std::string next = i + 1 < argc ? argv[i + 1] : "";
        if (word == "--sessions" || word == "--launches" || word == "--seed") {
            const bool read = word == "--sessions"   ? read_number(next, options.sessions)
                              : word == "--launches" ? read_number(next, options.launches)
                                                     : read_number(next, options.seed);
            if (!read) return false;
            ++i;
        } else if (const std::size_t equals = word.find('='); equals != std::string::npos) {
            options.groups.emplace_back(word.substr(0, equals), word.substr(equals + 1));
        } else {
            return false;
        }
    }
    return !options.groups.empty() && options.sessions > 0 && options.launches > 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    if (!read_options(argc, argv, options)) {
        fmt::print(
            stderr,
            "usage: gate_resampling [--sessions N] [--launches 5] [--seed 0] NAME=FOLDER...\n");
        return 2;
    }
    std::string text;
    for (const auto& [name, folder] : options.groups) {
        const Result<Group> group = read_group(name, folder);
        if (!group) {
            fmt::print(stderr, "gate_resampling: {}\n", to_string(group.error()));
            return 2;
        }
        if (group->launches < 2 * static_cast<std::size_t>(options.launches)) {
            fmt::print(stderr, "gate_resampling: {} launches in {}: {} are the least\n",
                       group->launches, folder.string(), 2 * options.launches);
            return 2;
        }
        text += group_text(*group, resample(*group, options), options) + "\n";
    }
    text.pop_back();
    std::fputs(text.c_str(), stdout);
    return std::fflush(stdout) == 0 ? 0 : 2;
}
