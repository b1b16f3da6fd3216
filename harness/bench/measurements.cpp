#include "bench/measurements.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/files.h"

namespace exportgate::bench {

namespace {

using OrderedJson = nlohmann::ordered_json;

/// What a benchmark of a file is made of: the values of its repetitions.
struct Rows {
    Name name;
    std::vector<Timing> repetitions;
    std::vector<Timing> medians;  // Google Benchmark's own aggregate
    std::string reason;
};

double median(std::vector<double> values) {
    std::erase_if(values, [](double value) { return std::isnan(value); });
    if (values.empty()) return unknown;
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Nanoseconds in one `unit` of Google Benchmark; 0 where there is no such unit.
double nanoseconds_in(const std::string& unit) {
    if (unit == "ns") return 1;
    if (unit == "us") return 1e3;
    if (unit == "ms") return 1e6;
    return unit == "s" ? 1e9 : 0;
}

double number_of(const OrderedJson& row, const char* key) {
    const auto found = row.find(key);
    return found != row.end() && found->is_number() ? found->get<double>() : unknown;
}

Timing timing_of(const OrderedJson& row, const Name& name) {
    Timing timing;
    timing.name = name;
    timing.real_time_ns =
        number_of(row, "real_time") * nanoseconds_in(row.at("time_unit").get<std::string>());
    timing.leaves = number_of(row, "leaves");
    timing.allocations = number_of(row, "allocations");
    timing.flatten_share = number_of(row, "flatten_share");
    timing.flattens = number_of(row, "flattens");
    return timing;
}

Timing median_of(const Rows& rows) {
    Timing timing;
    timing.name = rows.name;
    timing.reason = rows.reason;
    if (!rows.reason.empty()) return timing;
    const std::vector<Timing>& all = rows.repetitions.empty() ? rows.medians : rows.repetitions;
    for (double Timing::*number : {&Timing::real_time_ns, &Timing::leaves, &Timing::allocations,
                                   &Timing::flatten_share, &Timing::flattens}) {
        std::vector<double> values;
        for (const Timing& one : all)
            values.push_back(one.*number);
        timing.*number = median(std::move(values));
    }
    if (!(timing.real_time_ns > 0)) timing.reason = "the file has no time of it";
    timing.repetitions = rows.repetitions.size();
    if (timing.repetitions > 1) {
        const auto [shortest, longest] = std::minmax_element(
            all.begin(), all.end(),
            [](const Timing& a, const Timing& b) { return a.real_time_ns < b.real_time_ns; });
        timing.spread = (longest->real_time_ns - shortest->real_time_ns) / 2 / timing.real_time_ns;
    }
    return timing;
}

class Reader {
  public:
    explicit Reader(std::string file) : file_(std::move(file)) {}

    Result<Measurements> read(const OrderedJson& json) {
        if (!json.is_object() || !json.contains("context") || !json.contains("benchmarks"))
            return refuse("is not a file of Google Benchmark: it has no context and benchmarks");
        Measurements measurements;
        for (const auto& [key, value] : json.at("context").items()) {
            if (value.is_string()) measurements.context[key] = value.get<std::string>();
        }
        measurements.date = measurements.context["date"];
        for (const char* key : {"exportgate", "environment", "torch", "machine"}) {
            if (!measurements.context.contains(key))
                return refuse(
                    fmt::format("its context does not say \"{}\": Google Benchmark wrote "
                                "it for something else",
                                key));
        }
        for (const OrderedJson& row : json.at("benchmarks")) {
            if (Result<void> added = add(row); !added) return tl::unexpected(added.error());
        }
        for (const Rows& rows : rows_)
            measurements.timings.push_back(median_of(rows));
        if (Result<void> added = add_missing(measurements); !added)
            return tl::unexpected(added.error());
        return measurements;
    }

  private:
    tl::unexpected<Error> refuse(std::string what) const {
        return tl::unexpected(Error{file_, 0, std::move(what), "`exportgate bench` writes one"});
    }

    Result<void> add(const OrderedJson& row) {
        const auto spelt = row.contains("run_name") ? "run_name" : "name";
        Result<Name> name = parse_name(row.at(spelt).get<std::string>());
        if (!name) return tl::unexpected(Error{file_, 0, name.error().what, name.error().remedy});
        auto rows = std::find_if(rows_.begin(), rows_.end(),
                                 [&](const Rows& one) { return one.name == *name; });
        if (rows == rows_.end())
            rows = rows_.insert(rows_.end(), Rows{std::move(*name), {}, {}, ""});
        if (row.value("error_occurred", false)) {
            rows->reason = row.value("error_message", std::string("it failed"));
        } else if (row.value("run_type", std::string("iteration")) == "iteration") {
            rows->repetitions.push_back(timing_of(row, rows->name));
        } else if (row.value("aggregate_name", std::string()) == "median") {
            rows->medians.push_back(timing_of(row, rows->name));
        }
        return {};
    }

    /// What could not be had: an object of names and reasons, as a string, since Google Benchmark's
    /// context holds strings only.
    Result<void> add_missing(Measurements& measurements) const {
        const auto found = measurements.context.find("not_available");
        if (found == measurements.context.end()) return {};
        const OrderedJson reasons = OrderedJson::parse(found->second);
        for (const auto& [text, reason] : reasons.items()) {
            Result<Name> name = parse_name(text);
            if (!name)
                return tl::unexpected(Error{file_, 0, name.error().what, name.error().remedy});
            Timing timing;
            timing.name = std::move(*name);
            timing.reason = reason.get<std::string>();
            if (timing.reason.empty()) timing.reason = "no reason is given";
            measurements.timings.push_back(std::move(timing));
        }
        return {};
    }

    std::string file_;
    std::vector<Rows> rows_;
};

}  // namespace

Result<Measurements> parse_measurements(std::string_view text, const std::string& file) {
    try {
        return Reader(file).read(OrderedJson::parse(text));
    } catch (const nlohmann::json::exception& problem) {
        return tl::unexpected(Error{
            file, 0, fmt::format("cannot be read as Google Benchmark's JSON: {}", problem.what()),
            "it may be cut off: `exportgate bench` writes it anew"});
    }
}

Result<Measurements> read_measurements(const std::filesystem::path& path) {
    const Result<std::string> text = read_file(path);
    if (!text) return tl::unexpected(text.error());
    return parse_measurements(*text, path.string());
}

const Timing* floor_of(const Measurements& measurements, const Timing& timing) {
    const std::string floor = floor_name(timing.name);
    for (const Timing& one : measurements.timings) {
        if (one.name.text == floor) return one.is_available() ? &one : nullptr;
    }
    return nullptr;
}

double times_floor(const Measurements& measurements, const Timing& timing) {
    const Timing* floor = floor_of(measurements, timing);
    return floor == nullptr ? unknown : timing.real_time_ns / floor->real_time_ns;
}

}  // namespace exportgate::bench
