#include "stored_measurements.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "bench/measurements.h"
#include "bench/table.h"
#include "commands.h"
#include "ended.h"
#include "terminal.h"

namespace exportgate::cli {

namespace {

std::string context_of(const bench::Measurements& measurements, const std::string& key) {
    const auto found = measurements.context.find(key);
    return found == measurements.context.end() ? "" : found->second;
}

Error other_machine(const std::filesystem::path& file) {
    return {file.string(), 0, "was measured on another machine: times of two machines say nothing",
            "measure both here: `exportgate bench --against ENV` times two environments in turns"};
}

std::string stored_table(const bench::Measurements& now, const bench::Measurements& stored) {
    std::map<std::string, const bench::Timing*> before;
    for (const bench::Timing& one : stored.timings)
        before[one.name.text] = &one;
    std::string text =
        fmt::format("{:>10}  {:>10}  {:>6}  benchmark\n", "ns", "ns stored", "ratio");
    std::size_t new_ones = 0;
    for (const bench::Timing& one : now.timings) {
        const auto found = before.find(one.name.text);
        if (found == before.end()) {
            ++new_ones;
            continue;
        }
        const bench::Timing& old = *found->second;
        const std::string reason = one.is_available() ? old.reason : one.reason;
        if (one.is_available() && old.is_available()) {
            text +=
                fmt::format("{:>10}  {:>10}  {:>6.2f}  {}\n", bench::three_digits(one.real_time_ns),
                            bench::three_digits(old.real_time_ns),
                            one.real_time_ns / old.real_time_ns, one.name.text);
        } else if (one.is_available() != old.is_available()) {
            text += fmt::format(
                "{:>10}  {:>10}  {:>6}  {} ({}: {})\n", "-", "-", "-", one.name.text,
                one.is_available() ? "not available then" : "not available now", reason);
        }
        before.erase(found);
    }
    if (new_ones > 0) text += fmt::format("{} only measured now\n", new_ones);
    if (!before.empty()) text += fmt::format("{} only in the stored file\n", before.size());
    return text;
}

}  // namespace

Ended show_against_stored(const BenchOptions& options, const std::filesystem::path& file) {
    const Result<bench::Measurements> stored = bench::read_measurements(file);
    if (!stored) return stored.error();
    const std::filesystem::path own = bench_file(options.folders.project, options.environment);
    std::error_code ignored;
    if (!std::filesystem::exists(own, ignored)) {
        return Error{own.string(), 0,
                     fmt::format("environment \"{}\" was not measured yet", options.environment),
                     fmt::format("`exportgate bench --env {}` does so", options.environment)};
    }
    const Result<bench::Measurements> now = bench::read_measurements(own);
    if (!now) return now.error();
    const std::string machine = context_of(*stored, "machine");
    if (machine.empty() || machine != context_of(*now, "machine")) return other_machine(file);
    const std::string text = fmt::format(
        "{} ({}, torch {}) beside {} ({}, torch {})\n\n{}\n"
        "WARNING: measured one after the other, {} and {}. Between two such runs a ratio of 1.1\n"
        "is nothing unusual on the same code: this gates nothing. To know whether something is\n"
        "slower, `exportgate bench --against ENV` times both in turns.\n",
        own.string(), context_of(*now, "environment"), context_of(*now, "torch"), file.string(),
        context_of(*stored, "environment"), context_of(*stored, "torch"),
        stored_table(*now, *stored), now->date, stored->date);
    return print(text) ? good : cannot_judge;
}

}  // namespace exportgate::cli
