#include "google.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <regex>
#include <set>
#include <string_view>
#include <utility>

namespace exportgate::worker {

namespace {

using Json = nlohmann::json;

/// Hands everything on, but for the "/real_time" that Google Benchmark adds to the names of what is
/// timed by the real clock: all of these are, and names are the same wherever they are read.
class PlainNames : public benchmark::BenchmarkReporter {
  public:
    explicit PlainNames(std::unique_ptr<benchmark::BenchmarkReporter> inner)
        : inner_(std::move(inner)) {}

    bool ReportContext(const Context& context) override {
        inner_->SetOutputStream(&GetOutputStream());
        inner_->SetErrorStream(&GetErrorStream());
        return inner_->ReportContext(context);
    }
    void ReportRuns(const std::vector<Run>& runs) override {
        std::vector<Run> renamed = runs;
        for (Run& run : renamed)
            run.run_name.time_type.clear();
        inner_->ReportRuns(renamed);
    }
    void Finalize() override {
        inner_->Finalize();
    }

  private:
    std::unique_ptr<benchmark::BenchmarkReporter> inner_;
};

/// `--benchmark_out=file` with the prefix `--benchmark_out=` is "file".
std::optional<std::string> value_of(std::string_view argument, std::string_view flag) {
    if (!argument.starts_with(flag)) return std::nullopt;
    argument.remove_prefix(flag.size());
    if (argument.empty()) return "";
    if (argument.front() != '=') return std::nullopt;
    return std::string(argument.substr(1));
}

bool is_true(const std::string& value) {
    return value != "false" && value != "0" && value != "no" && value != "off";
}

/// Google Benchmark matches names that end with "/real_time", where a filter "layers:32$" would
/// match nothing; so the names are matched here, by the same rules.
class Filter {
  public:
    explicit Filter(std::string text) {
        if (text.starts_with('-')) {
            negative_ = true;
            text.erase(0, 1);
        }
        if (text.empty() || text == "all") text = ".";
        expression_ = std::regex(text, std::regex::extended);
    }
    bool matches(const std::string& name) const {
        return std::regex_search(name, expression_) != negative_;
    }

  private:
    bool negative_ = false;
    std::regex expression_;
};

void run_one(benchmark::State& state, Session& session, Prepared& prepared) {
    session.collect_garbage();
    try {
        prepared.call.run(3);
        for ([[maybe_unused]] auto _ : state) {
            if (!prepared.call.once()) throw pybind11::error_already_set();
        }
    } catch (const std::exception& error) {
        state.SkipWithError(error.what());
        return;
    }
    for (const auto& [name, value] : prepared.counters)
        state.counters[name] = benchmark::Counter(value);
    // Seconds, which Google Benchmark prints with a prefix: "345n".
    state.counters["time_per_leaf"] = benchmark::Counter(
        prepared.counters.at("leaves"),
        benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// What of `listed` can run, prepared; the rest of it with reasons.
struct Chosen {
    std::vector<std::pair<std::string, Prepared*>> available;
    nlohmann::ordered_json missing = nlohmann::ordered_json::object();
};

Chosen prepare_all(Session& session, const std::vector<Listed>& listed) {
    Chosen chosen;
    for (const Listed& one : listed) {
        std::string reason = one.reason;
        Prepared* prepared = nullptr;
        if (reason.empty()) {
            std::fprintf(stderr, "preparing %s\n", one.name.c_str());
            prepared = session.prepare(one.name, true, reason);
        }
        if (prepared != nullptr) {
            chosen.available.emplace_back(one.name, prepared);
        } else {
            std::fprintf(stderr, "%s: not available: %s\n", one.name.c_str(), reason.c_str());
            chosen.missing[one.name] = reason;
        }
    }
    session.freeze_garbage();
    return chosen;
}

std::unique_ptr<benchmark::BenchmarkReporter> file_reporter(const std::string& format) {
    if (format == "console") {
        return std::make_unique<PlainNames>(
            std::make_unique<benchmark::ConsoleReporter>(benchmark::ConsoleReporter::OO_None));
    }
    return std::make_unique<PlainNames>(std::make_unique<benchmark::JSONReporter>());
}

void add_context(const Session& session, const nlohmann::ordered_json& missing) {
    for (const auto& [key, value] : session.hello().at("context").items())
        benchmark::AddCustomContext(key, value.get<std::string>());
    benchmark::AddCustomContext(
        "not_available",
        missing.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace

GoogleFlags google_flags(std::vector<char*> arguments) {
    GoogleFlags flags;
    const auto take = [&](const char* variable, auto set) {
        if (const char* value = std::getenv(variable)) set(std::string(value));
    };
    const auto set_filter = [&](const std::string& value) { flags.filter = value; };
    const auto set_list = [&](const std::string& value) { flags.list = is_true(value); };
    const auto set_file = [&](const std::string& value) { flags.writes_file = !value.empty(); };
    const auto set_format = [&](const std::string& value) { flags.file_format = value; };
    take("BENCHMARK_FILTER", set_filter);
    take("BENCHMARK_LIST_TESTS", set_list);
    take("BENCHMARK_OUT", set_file);
    take("BENCHMARK_OUT_FORMAT", set_format);
    for (char* const argument : arguments) {
        flags.all.push_back(argument);
        if (const auto filter = value_of(argument, "--benchmark_filter")) set_filter(*filter);
        if (const auto list = value_of(argument, "--benchmark_list_tests")) set_list(*list);
        if (const auto file = value_of(argument, "--benchmark_out")) set_file(*file);
        if (const auto format = value_of(argument, "--benchmark_out_format")) set_format(*format);
    }
    return flags;
}

int run_google_benchmark(Session& session, GoogleFlags flags) {
    int count = static_cast<int>(flags.all.size());
    flags.all.push_back(nullptr);
    benchmark::Initialize(&count, flags.all.data());
    if (benchmark::ReportUnrecognizedArguments(count, flags.all.data())) return 2;

    std::vector<Listed> matching;
    try {
        const Filter filter(flags.filter);
        for (const Listed& one : session.listed()) {
            if (filter.matches(one.name)) matching.push_back(one);
        }
    } catch (const std::regex_error& error) {
        std::fprintf(stderr,
                     "exportgate-bench: --benchmark_filter=%s is no regular expression: %s\n",
                     flags.filter.c_str(), error.what());
        return 2;
    }
    if (matching.empty()) {
        std::fprintf(stderr,
                     "exportgate-bench: no benchmark matches --benchmark_filter=%s "
                     "(--benchmark_list_tests shows the names)\n",
                     flags.filter.c_str());
        return 2;
    }
    if (flags.list) {
        for (const Listed& one : matching)
            std::printf("%s\n", one.name.c_str());
        return 0;
    }

    const Chosen chosen = prepare_all(session, matching);
    if (chosen.available.empty()) {
        std::set<std::string> reasons;
        for (const auto& [name, reason] : chosen.missing.items())
            reasons.insert(reason.get<std::string>());
        std::string all;
        for (const std::string& reason : reasons)
            all += (all.empty() ? "" : "; ") + reason;
        std::fprintf(stderr, "exportgate-bench: nothing is available: %s\n", all.c_str());
        return 2;
    }
    add_context(session, chosen.missing);
    for (const auto& [name, prepared] : chosen.available) {
        benchmark::RegisterBenchmark(name.c_str(), [&session,
                                                    one = prepared](benchmark::State& state) {
            run_one(state, session, *one);
        })->UseRealTime();
    }
    // A pointer that is to be deleted up to 1.9, a unique_ptr later.
    PlainNames display(
        std::unique_ptr<benchmark::BenchmarkReporter>(benchmark::CreateDefaultDisplayReporter()));
    const std::unique_ptr<benchmark::BenchmarkReporter> file =
        flags.writes_file ? file_reporter(flags.file_format) : nullptr;
    benchmark::RunSpecifiedBenchmarks(&display, file.get(), ".");
    benchmark::Shutdown();
    return 0;
}

}  // namespace exportgate::worker
