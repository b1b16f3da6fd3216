#include "page/benchmarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/text.h"
#include "page/figure_names.h"
#include "report/wording.h"

namespace exportgate::page {
namespace {

using bench::Measurements;
using bench::Timing;

/// Each value once, in the order in which it comes first.
template <class Items, class Value>
auto distinct(const Items& items, Value value) {
    std::vector<std::decay_t<decltype(value(items.front()))>> values;
    for (const auto& item : items) {
        const auto one = value(item);
        if (std::find(values.begin(), values.end(), one) == values.end()) values.push_back(one);
    }
    return values;
}

/// The style of an implementation's curves, the same in all charts.
std::size_t style_of(const std::string& implementation) {
    static const std::vector<std::string> order{"function", "pytree", "cxx_pytree", "fx",
                                                "program"};
    return static_cast<std::size_t>(std::find(order.begin(), order.end(), implementation) -
                                    order.begin());
}

std::string of_context(const Measurements& measurements, const std::string& key) {
    const auto found = measurements.context.find(key);
    return found == measurements.context.end() ? "" : found->second;
}

std::vector<const Timing*> chosen(const Measurements& measurements, const std::string& case_name,
                                  const std::string& operation) {
    std::vector<const Timing*> timings;
    for (const Timing& timing : measurements.timings) {
        if (timing.name.case_name == case_name && timing.name.operation == operation)
            timings.push_back(&timing);
    }
    return timings;
}

std::string size_heading(const bench::Name& name) {
    return fmt::format("{} {}", name.size,
                       std::string(name.by_layers ? "layer" : "leaf") +
                           (name.size == 1 ? "" : (name.by_layers ? "s" : "")));
}

void extend(Curves& chart, const Point& point) {
    chart.lowest = std::min(chart.lowest, point.y);
    chart.highest = std::max(chart.highest, point.y);
}

Curve curve_of(std::string name, std::size_t style, const std::vector<const Timing*>& timings) {
    Curve curve{std::move(name), style, false, {}};
    for (const Timing* timing : timings) {
        const double y = timing->time_per_leaf_ns();
        if (timing->is_available() && y > 0)
            curve.points.push_back({static_cast<double>(timing->name.size), y});
    }
    std::sort(curve.points.begin(), curve.points.end(),
              [](const Point& a, const Point& b) { return a.x < b.x; });
    return curve;
}

/// Sentences that say what the curves show: each at its first and its last point.
std::string description_of(const Curves& chart) {
    std::string text =
        chart.has_one_size()
            ? fmt::format("{} at {}, a bar each.", chart.y_axis, chart.x_axis)
            : fmt::format("{} against {}, both axes logarithmic.", chart.y_axis, chart.x_axis);
    for (const Curve& curve : chart.curves) {
        const Point& first = curve.points.front();
        const Point& last = curve.points.back();
        text += fmt::format(" {}: {} at {}", curve.name, duration(first.y), first.x);
        if (curve.points.size() > 1) text += fmt::format(", {} at {}", duration(last.y), last.x);
        text += ".";
    }
    return text;
}

class MeasurementBlocks {
  public:
    MeasurementBlocks(const Measurements& measurements, const std::string& prefix)
        : measurements_(measurements), prefix_(prefix) {}

    std::vector<FigureBlock> blocks() {
        std::vector<FigureBlock> all;
        for (const auto& case_name : distinct(measurements_.timings, [](const Timing& timing) {
                 return timing.name.case_name;
             })) {
            for (const auto& operation : bench::operation_names()) {
                const auto timings = chosen(measurements_, case_name, operation);
                const bool any = std::any_of(timings.begin(), timings.end(),
                                             [](const Timing* one) { return one->is_available(); });
                if (any) all.push_back(block(case_name, operation, timings));
            }
        }
        return all;
    }

  private:
    FigureBlock block(const std::string& case_name, const std::string& operation,
                      const std::vector<const Timing*>& timings) {
        FigureBlock block;
        block.heading = case_name + " " + operation;
        block.open = operation == "flatten" || operation == "unflatten";
        std::vector<Curves> charts;
        std::vector<std::string> kinds;
        double lowest = 1e300;
        double highest = 0;
        for (const auto& kind :
             distinct(timings, [](const Timing* timing) { return timing->name.kind; })) {
            Curves chart = curves(case_name, kind, timings);
            if (chart.curves.empty()) continue;
            lowest = std::min(lowest, chart.lowest);
            highest = std::max(highest, chart.highest);
            charts.push_back(std::move(chart));
            kinds.push_back(kind);
        }
        for (std::size_t i = 0; i < charts.size(); ++i) {
            charts[i].lowest = lowest / 1.3;
            charts[i].highest = highest * 1.3;
            Figure figure;
            figure.name =
                names_.unique(fmt::format("{}{}-{}-{}", prefix_, case_name, operation, kinds[i]));
            figure.title = fmt::format("{} {}, {}", case_name, operation, kinds[i]);
            figure.description = description_of(charts[i]);
            figure.content = std::move(charts[i]);
            block.figures.push_back(std::move(figure));
        }
        block.table = table(block.heading, timings);
        return block;
    }

    Curves curves(const std::string& case_name, const std::string& kind,
                  const std::vector<const Timing*>& timings) {
        Curves chart;
        chart.x_axis = timings.front()->name.by_layers ? "layers" : "leaves";
        chart.y_axis = "ns per leaf, torch " + of_context(measurements_, "torch");
        chart.lowest = 1e300;
        for (const auto& implementation :
             distinct(timings, [](const Timing* timing) { return timing->name.implementation; })) {
            std::vector<const Timing*> own;
            std::copy_if(timings.begin(), timings.end(), std::back_inserter(own),
                         [&](const Timing* timing) {
                             return timing->name.kind == kind &&
                                    timing->name.implementation == implementation;
                         });
            Curve curve = curve_of(implementation, style_of(implementation), own);
            if (!curve.points.empty()) chart.curves.push_back(std::move(curve));
        }
        if (chart.curves.empty()) return chart;
        Curve floor = curve_of("floor", 0, chosen(measurements_, case_name, "floor"));
        floor.is_floor = true;
        if (chart.has_one_size()) {
            const double size = chart.curves.front().points.front().x;
            std::erase_if(floor.points, [&](const Point& point) { return point.x != size; });
        }
        if (!floor.points.empty()) chart.curves.push_back(std::move(floor));
        for (const Curve& curve : chart.curves) {
            for (const Point& point : curve.points)
                extend(chart, point);
        }
        if (chart.has_one_size()) chart.x_axis = size_heading(timings.front()->name);
        return chart;
    }

    FigureTable table(const std::string& heading, const std::vector<const Timing*>& timings) {
        FigureTable table;
        table.caption =
            heading + (is_call(timings.front()->name)
                           ? ": us per call of the program, and how much of it is flatten"
                           : ": ns per leaf, and times the floor");
        table.headers = 2;
        table.columns = {"kind", "implementation"};
        std::vector<bench::Name> sizes;
        for (const Timing* timing : timings) {
            const bool known = std::any_of(sizes.begin(), sizes.end(), [&](const auto& size) {
                return size.size == timing->name.size && size.by_layers == timing->name.by_layers;
            });
            if (!known) sizes.push_back(timing->name);
        }
        std::sort(sizes.begin(), sizes.end(),
                  [](const auto& a, const auto& b) { return a.size < b.size; });
        for (const auto& size : sizes)
            table.columns.push_back(size_heading(size));
        table.columns.push_back("allocations, " + size_heading(sizes.back()));
        std::vector<std::pair<std::string, std::string>> labels;
        for (const Timing* timing : timings) {
            const std::pair label{timing->name.kind, timing->name.implementation};
            if (std::find(labels.begin(), labels.end(), label) == labels.end())
                labels.push_back(label);
        }
        for (const auto& [kind, implementation] : labels) {
            FigureRow row{{kind, implementation}, ""};
            for (const auto& size : sizes)
                row.cells.push_back(entry(find(timings, kind, implementation, size)));
            row.cells.push_back(allocations(find(timings, kind, implementation, sizes.back())));
            table.rows.push_back(std::move(row));
        }
        add_floor(timings, sizes, table);
        return table;
    }

    void add_floor(const std::vector<const Timing*>& timings, const std::vector<bench::Name>& sizes,
                   FigureTable& table) {
        const auto floors = chosen(measurements_, timings.front()->name.case_name, "floor");
        if (floors.empty() || is_call(timings.front()->name)) return;
        FigureRow row{{"floor", ""}, ""};
        for (const auto& size : sizes)
            row.cells.push_back(entry(find(floors, "", "", size)));
        row.cells.push_back(allocations(find(floors, "", "", sizes.back())));
        table.rows.push_back(std::move(row));
    }

    /// Null where the file does not name it.
    static const Timing* find(const std::vector<const Timing*>& timings, const std::string& kind,
                              const std::string& implementation, const bench::Name& size) {
        const auto found = std::find_if(timings.begin(), timings.end(), [&](const Timing* timing) {
            const bench::Name& name = timing->name;
            return name.kind == kind && name.implementation == implementation &&
                   name.size == size.size && name.by_layers == size.by_layers;
        });
        return found == timings.end() ? nullptr : *found;
    }

    std::string entry(const Timing* timing) const {
        if (timing == nullptr) return "";
        if (!timing->is_available()) return "not available";
        if (is_call(timing->name)) return call_entry(*timing);
        const std::string time = three_digits(timing->time_per_leaf_ns());
        const double floors = bench::times_floor(measurements_, *timing);
        if (timing->name.is_floor() || std::isnan(floors)) return time;
        return fmt::format("{} ({}x)", time,
                           floors < 9.95 ? fmt::format("{:.1f}", floors) : three_digits(floors));
    }

    static bool is_call(const bench::Name& name) {
        return name.operation == "call";
    }

    static std::string call_entry(const Timing& timing) {
        const std::string time = three_digits(timing.real_time_ns / 1000);
        if (std::isnan(timing.flatten_share)) return time;
        return fmt::format("{} ({:.0f}%)", time, 100 * timing.flatten_share);
    }

    static std::string allocations(const Timing* timing) {
        if (timing == nullptr || std::isnan(timing->allocations)) return "";
        return fmt::format("{:.0f}", timing->allocations);
    }

    const Measurements& measurements_;
    const std::string& prefix_;
    FigureNames names_;
};

/// One line for all sizes and kinds of an operation that are missing for one reason.
std::vector<std::string> not_available_lines(const Measurements& measurements) {
    struct Missing {
        std::string what;
        std::string reason;
        std::vector<std::string> kinds;
        std::size_t count;
    };
    std::vector<Missing> all;
    for (const Timing& timing : measurements.timings) {
        if (timing.is_available()) continue;
        const bench::Name& name = timing.name;
        const std::string what = name.is_floor() ? name.text
                                                 : fmt::format("{} {}, {}", name.case_name,
                                                               name.operation, name.implementation);
        auto known = std::find_if(all.begin(), all.end(), [&](const Missing& each) {
            return each.what == what && each.reason == timing.reason;
        });
        if (known == all.end()) known = all.insert(all.end(), {what, timing.reason, {}, 0});
        ++known->count;
        auto& kinds = known->kinds;
        if (!name.kind.empty() && std::find(kinds.begin(), kinds.end(), name.kind) == kinds.end())
            kinds.push_back(name.kind);
    }
    std::vector<std::string> lines;
    for (const Missing& missing : all) {
        lines.push_back(fmt::format("{}{}, {}: {}", missing.what,
                                    missing.kinds.empty() ? "" : ", " + join(missing.kinds, ", "),
                                    report::counted(missing.count, "benchmark"), missing.reason));
    }
    return lines;
}

/// How often each was timed, and how far apart the times are; empty where that is not known.
std::string spread_of(const Measurements& measurements) {
    std::vector<const Timing*> spreads;
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (const Timing& timing : measurements.timings) {
        if (!timing.is_available() || std::isnan(timing.spread)) continue;
        spreads.push_back(&timing);
        fewest = std::min(fewest, timing.repetitions);
    }
    if (spreads.empty()) return "";
    std::sort(spreads.begin(), spreads.end(),
              [](const Timing* a, const Timing* b) { return a->spread < b->spread; });
    return fmt::format(
        "one launch, medians of {} repetitions; these lie within {:.1f}% of the median for half of "
        "the benchmarks, within {:.1f}% for all (widest: {})",
        fewest, 100 * spreads[spreads.size() / 2]->spread, 100 * spreads.back()->spread,
        spreads.back()->name.text);
}

}  // namespace

std::string three_digits(double value) {
    if (std::isnan(value)) return "unknown";
    return value < 9.995   ? fmt::format("{:.2f}", value)
           : value < 99.95 ? fmt::format("{:.1f}", value)
                           : fmt::format("{:.0f}", value);
}

std::string duration(double ns) {
    if (std::isnan(ns)) return "unknown";
    return ns < 999.5     ? three_digits(ns) + " ns"
           : ns < 999.5e3 ? three_digits(ns / 1e3) + " us"
                          : three_digits(ns / 1e6) + " ms";
}

std::string title_of(const Measurements& measurements) {
    return fmt::format("torch {}, environment {}", of_context(measurements, "torch"),
                       of_context(measurements, "environment"));
}

BenchmarkPart part_of(const Measurements& measurements, const std::string& prefix) {
    BenchmarkPart part;
    part.title = title_of(measurements);
    const auto fact = [&](const std::string& name, const std::string& key) {
        const std::string value = of_context(measurements, key);
        if (!value.empty()) part.facts.push_back(name + " " + value);
    };
    if (!measurements.date.empty()) part.facts.push_back("measured " + measurements.date);
    fact("Python", "python");
    fact("gc", "gc");
    fact("threads", "threads");
    fact("clock", "clock");
    fact("CPU", "cpu");
    fact("machine", "machine");
    fact("floor:", "floor");
    if (const std::string spread = spread_of(measurements); !spread.empty())
        part.facts.push_back(spread);
    part.blocks = MeasurementBlocks(measurements, prefix).blocks();
    part.not_available = not_available_lines(measurements);
    return part;
}

}  // namespace exportgate::page
