#include "report/timings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "matrix/cell.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using record::Observation;

/// "check:run" is the stage of the check run.
constexpr std::string_view check_stage = "check:";
/// The program that another torch saved: asked for, and about another program.
constexpr std::string_view earlier_stage = "check:earlier";
constexpr std::string_view all_checks_row = "all checks";

/// Sums of stages, or of the same in another process.
bool is_stage(std::string_view key) {
    return key != "child" && key != "export_long_lived" && key != "total";
}

double timing(const Observation& observation, const std::string& name) {
    const auto found = observation.timings_s.find(name);
    return found == observation.timings_s.end() ? 0 : found->second;
}

/// Of no value: 0.
double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// What several cells took, and which of them took most.
struct Spent {
    std::vector<double> seconds;
    double sum = 0;
    double worst = 0;
    std::string worst_cell;

    void add(double value, const std::string& cell) {
        seconds.push_back(value);
        sum += value;
        if (value < worst) return;
        worst = value;
        worst_cell = cell;
    }
};

struct Checks {
    std::map<std::string, Spent> by_name;
    Spent together;
    Spent ratios;  // a cell with its checks to its export alone
};

Checks checks_of(const std::vector<Observation>& observations) {
    Checks checks;
    for (const Observation& observation : observations) {
        double checked = 0;
        double alone = 0;
        bool has_checks = false;
        for (const auto& [stage, seconds] : observation.timings_s) {
            if (!is_stage(stage)) continue;
            if (!stage.starts_with(check_stage)) {
                alone += seconds;
                continue;
            }
            checks.by_name[stage.substr(check_stage.size())].add(seconds, observation.cell);
            if (stage == earlier_stage) continue;
            has_checks = true;
            checked += seconds;
        }
        if (!has_checks) continue;
        checks.together.add(checked, observation.cell);
        if (alone > 0) checks.ratios.add((alone + checked) / alone, observation.cell);
    }
    return checks;
}

std::string check_row(std::string_view name, const Spent& spent, std::size_t name_width) {
    return fmt::format("  {:<{}}  {:>5}   {:>8.2f}   {:>8.3f}   {:>8.3f}   {}\n", name, name_width,
                       spent.seconds.size(), spent.sum, median(spent.seconds), spent.worst,
                       spent.worst_cell);
}

/// What takes most first.
std::string checks_table(const Checks& checks) {
    if (checks.by_name.empty()) return "";
    std::vector<std::pair<std::string, Spent>> rows(checks.by_name.begin(), checks.by_name.end());
    std::stable_sort(rows.begin(), rows.end(), [](const auto& one, const auto& other) {
        return one.second.sum > other.second.sum;
    });
    std::size_t width = all_checks_row.size();
    for (const auto& [name, spent] : rows)
        width = std::max(width, name.size());
    std::string text = fmt::format("\n  {:<{}}  {:>5}   {:>8}   {:>8}   {:>8}   {}\n", "check",
                                   width, "cells", "sum", "median", "worst", "in");
    for (const auto& [name, spent] : rows)
        text += check_row(name, spent, width);
    text += check_row(all_checks_row, checks.together, width);
    if (checks.ratios.seconds.empty()) return text;
    return text + fmt::format(
                      "  a cell with all its checks takes {:.1f} x its export alone (median of {}),"
                      " at worst {:.1f} x: {}\n",
                      median(checks.ratios.seconds), counted(checks.ratios.seconds.size(), "cell"),
                      checks.ratios.worst, checks.ratios.worst_cell);
}

std::string stages_text(const std::vector<Observation>& observations) {
    std::map<std::string, double> sums;
    double checked = 0;
    for (const Observation& observation : observations) {
        for (const auto& [stage, seconds] : observation.timings_s) {
            if (!is_stage(stage)) continue;
            (stage.starts_with(check_stage) ? checked : sums[stage]) += seconds;
        }
    }
    if (checked > 0) sums.emplace("checks", checked);
    std::string text;
    for (const auto& [stage, seconds] : sums)
        text += fmt::format("{}{} {:.2f}", text.empty() ? "" : ", ", stage, seconds);
    return text;
}

struct ModeTimes {
    std::vector<double> child;
    std::vector<double> export_long_lived;
    Spent ratio;
};

std::string modes_table(const std::vector<Observation>& observations) {
    std::map<std::string, ModeTimes> modes;
    double baseline = 0;
    for (const Observation& observation : observations) {
        const double child = timing(observation, "child");
        const double alone = timing(observation, "export_long_lived");
        baseline += alone;
        const Result<matrix::Cell> cell = matrix::parse_cell(observation.cell);
        if (!cell || child == 0 || alone == 0) continue;
        ModeTimes& times = modes[matrix::to_string(cell->mode)];
        times.child.push_back(child);
        times.export_long_lived.push_back(alone);
        times.ratio.add(child / alone, observation.cell);
    }
    std::string text =
        "\n  mode       cells        child   long-lived    ratio    worst   (medians; child / the "
        "same export in one long-lived process)\n";
    for (const auto& [mode, times] : modes) {
        text +=
            fmt::format("  {:<10} {:>5}   {:>8.3f} s   {:>8.3f} s   {:>6.2f}   {:>6.2f}\n", mode,
                        times.child.size(), median(times.child), median(times.export_long_lived),
                        median(times.ratio.seconds), times.ratio.worst);
    }
    return text + fmt::format("  the exports alone, one after the other in one process: {:.2f}\n",
                              baseline);
}

}  // namespace

std::string timings_table(const record::Record& record, std::size_t jobs) {
    double children = 0;
    for (const Observation& observation : record.observations)
        children += timing(observation, "child");
    double start_up = 0;
    std::string start_up_parts;
    for (const auto& [name, seconds] : record.footer.timings_s) {
        start_up += seconds;
        start_up_parts +=
            fmt::format("{}{} {:.2f}", start_up_parts.empty() ? "" : ", ", name, seconds);
    }
    const double wall = record.footer.wall_s;
    const double needed = start_up + children / static_cast<double>(jobs);

    std::string text = fmt::format("Times (s), {}\n", counted(jobs, "job"));
    text += fmt::format("  start-up            {:>8.2f}   ({})\n", start_up, start_up_parts);
    text += fmt::format("  children, sum       {:>8.2f}   ({})\n", children,
                        stages_text(record.observations));
    text += fmt::format("  wall                {:>8.2f}   {:.2f} x (start-up + children / jobs)\n",
                        wall, needed > 0 ? wall / needed : 0);
    return text + checks_table(checks_of(record.observations)) + modes_table(record.observations);
}

}  // namespace exportgate::report
