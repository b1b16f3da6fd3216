#include "bench/comparison_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "base/text.h"
#include "bench/gate.h"
#include "bench/table.h"

namespace exportgate::bench {
namespace {

using Row = const Comparison*;

/// Slower, inconclusive, faster, same.
int rank(Speed verdict) {
    switch (verdict) {
        case Speed::slower:
            return 0;
        case Speed::inconclusive:
            return 1;
        case Speed::faster:
            return 2;
        case Speed::same:
            return 3;
    }
    return 4;
}

double sort_key(double ratio) {
    return std::isnan(ratio) ? 0 : ratio;
}

std::vector<Row> sorted_rows(const std::vector<Comparison>& comparisons) {
    std::vector<Row> rows;
    for (const Comparison& one : comparisons)
        rows.push_back(&one);
    std::stable_sort(rows.begin(), rows.end(), [](Row a, Row b) {
        if (a->verdict != b->verdict) return rank(a->verdict) < rank(b->verdict);
        return sort_key(a->ratio) > sort_key(b->ratio);
    });
    return rows;
}

std::string ratio_text(double ratio) {
    return std::isnan(ratio) ? "-" : fmt::format("{:.3f}", ratio);
}

std::string time_text(double ns) {
    return std::isnan(ns) ? "-" : three_digits(ns);
}

std::string heading() {
    return fmt::format("{:<12}  {:>6}  {:<15}  {:>10}  {:>10}  benchmark\n", "verdict", "ratio",
                       "interval", "ns", "ns against");
}

std::string row_text(const Comparison& one) {
    const std::string interval =
        std::isnan(one.low) ? "-" : fmt::format("{:.3f} to {:.3f}", one.low, one.high);
    std::string text = fmt::format(
        "{:<12}  {:>6}  {:<15}  {:>10}  {:>10}  {}\n", to_text(one.verdict), ratio_text(one.ratio),
        interval, time_text(one.measured_ns), time_text(one.against_ns), one.name.text);
    // What a process printed last may be many lines.
    for (const std::string_view line : split(one.why, '\n')) {
        if (!line.empty()) text += fmt::format("{:14}{}\n", "", line);
    }
    if (one.launches_to_settle > 0) {
        text += fmt::format("{:14}about {} launches would settle it (--launches {})\n", "",
                            one.launches_to_settle, one.launches_to_settle);
    }
    return text;
}

/// From which ratio on something is slower.
std::string thresholds_text(const std::vector<Comparison>& comparisons) {
    double least = INFINITY;
    double most = 0;
    for (const Comparison& one : comparisons) {
        least = std::min(least, one.threshold);
        most = std::max(most, one.threshold);
    }
    if (most == 0) return "";
    return least == most ? fmt::format("slower: above {:g}", least)
                         : fmt::format("slower: above {:g} to {:g}, as the cases say", least, most);
}

std::string side_text(std::string_view label, const SessionSide& side) {
    return fmt::format("{} {}, torch {}, Python {}, cases {}\n", label, side.environment.name,
                       side.environment.torch_build, side.environment.python, side.cases);
}

std::string same_text(const std::vector<Row>& rows, std::string_view what) {
    if (rows.empty()) return "";
    std::vector<double> ratios;
    for (const Row row : rows)
        ratios.push_back(row->ratio);
    const auto [low, high] = std::minmax_element(ratios.begin(), ratios.end());
    return rows.size() == 1 ? fmt::format("{:<12}  1 {}, ratio {:.3f}\n", "same", what, *low)
                            : fmt::format("{:<12}  {} {}s, ratios from {:.3f} to {:.3f}\n", "same",
                                          rows.size(), what, *low, *high);
}

std::string not_compared_text(const SessionResult& result) {
    std::map<std::string, std::vector<const NotCompared*>> by_reason;
    for (const NotCompared& one : result.not_compared)
        by_reason[one.reason].push_back(&one);
    std::string text;
    for (const auto& [reason, all] : by_reason) {
        text += fmt::format("not compared  {}{}: {}\n", all.front()->name.text,
                            all.size() == 1   ? ""
                            : all.size() == 2 ? " and 1 other"
                                              : fmt::format(" and {} others", all.size() - 1),
                            reason);
    }
    return text;
}

}  // namespace

std::string comparison_table(const Session& session, const SessionResult& result, bool all) {
    std::string text = side_text("measured:", session.measured);
    text += side_text("against: ", session.against);
    text +=
        fmt::format("{} launches of {} pairs, blocks of {:g} ms, CPU {}, seed {}. {}\n\n",
                    session.launches, session.pairs, static_cast<double>(session.block_ns) / 1e6,
                    session.cpu, session.seed, thresholds_text(result.comparisons));
    text += heading();
    std::vector<Row> same;
    for (const Row row : sorted_rows(result.comparisons)) {
        if (!all && row->verdict == Speed::same && row->why.empty()) {
            same.push_back(row);
        } else {
            text += row_text(*row);
        }
    }
    text += same_text(same, "benchmark");
    text += not_compared_text(result);
    text += "\nthe same code against itself\n";
    same.clear();
    for (const Row row : sorted_rows(result.same_code)) {
        if (!all && row->verdict == Speed::same && row->why.empty()) {
            same.push_back(row);
        } else {
            text += row_text(*row);
        }
    }
    text += same_text(same, "pair");
    text += fmt::format("\n{}: {}\n", to_text(result.verdict), result.why);
    return text;
}

}  // namespace exportgate::bench
