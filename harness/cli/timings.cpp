#include "timings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "matrix/cell.h"

namespace exportgate::cli {

namespace {

double timing(const std::map<std::string, double>& timings_s, const std::string& name) {
    const auto found = timings_s.find(name);
    return found == timings_s.end() ? 0 : found->second;
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

struct ModeTimes {
    std::vector<double> child;
    std::vector<double> export_long_lived;
    std::vector<double> ratio;
};

std::string mode_row(const std::string& mode, const ModeTimes& times) {
    return fmt::format(
        "  {:<10} {:>5}   {:>8.3f} s   {:>8.3f} s   {:>6.2f}   {:>6.2f}\n", mode,
        times.child.size(), median(times.child), median(times.export_long_lived),
        median(times.ratio),
        times.ratio.empty() ? 0 : *std::max_element(times.ratio.begin(), times.ratio.end()));
}

std::string stage_row(const std::vector<record::Observation>& observations) {
    std::map<std::string, double> sums;
    for (const record::Observation& observation : observations) {
        for (const auto& [stage, seconds] : observation.timings_s)
            sums[stage] += seconds;
    }
    std::string text;
    for (const auto& [stage, seconds] : sums) {
        if (stage == "child" || stage == "export_long_lived" || stage == "total") continue;
        text += fmt::format("{}{} {:.2f}", text.empty() ? "" : ", ", stage, seconds);
    }
    return text;
}

}  // namespace

std::string timings_table(const record::Record& record, std::size_t jobs) {
    std::map<std::string, ModeTimes> modes;
    double children = 0;
    double baseline = 0;
    for (const record::Observation& observation : record.observations) {
        const double child = timing(observation.timings_s, "child");
        const double alone = timing(observation.timings_s, "export_long_lived");
        children += child;
        baseline += alone;
        const Result<matrix::Cell> cell = matrix::parse_cell(observation.cell);
        if (!cell || child == 0 || alone == 0) continue;
        ModeTimes& times = modes[matrix::to_string(cell->mode)];
        times.child.push_back(child);
        times.export_long_lived.push_back(alone);
        times.ratio.push_back(child / alone);
    }
    double start_up = 0;
    std::string start_up_parts;
    for (const auto& [name, seconds] : record.footer.timings_s) {
        start_up += seconds;
        start_up_parts +=
            fmt::format("{}{} {:.2f}", start_up_parts.empty() ? "" : ", ", name, seconds);
    }
    const double wall = record.footer.wall_s;
    const double needed = start_up + children / static_cast<double>(jobs);

    std::string text = fmt::format("Times (s), {} jobs\n", jobs);
    text += fmt::format("  start-up            {:>8.2f}   ({})\n", start_up, start_up_parts);
    text += fmt::format("  children, sum       {:>8.2f}   ({})\n", children,
                        stage_row(record.observations));
    text += fmt::format("  wall                {:>8.2f}   {:.2f} x (start-up + children / jobs)\n",
                        wall, needed > 0 ? wall / needed : 0);
    text +=
        "\n  mode       cells        child   long-lived    ratio    worst   (medians; child / the "
        "same export in one long-lived process)\n";
    for (const auto& [mode, times] : modes)
        text += mode_row(mode, times);
    text +=
        fmt::format("  the exports alone, one after the other in one process: {:.2f}\n", baseline);
    return text;
}

}  // namespace exportgate::cli
