#include "bench_against.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>

#include "base/files.h"
#include "base/text.h"
#include "bench/comparison_json.h"
#include "bench/comparison_table.h"
#include "bench/gate.h"
#include "bench/pairing.h"
#include "bench/session_json.h"
#include "commands.h"
#include "ended.h"
#include "outputs.h"
#include "pairing_progress.h"
#include "run/posix.h"
#include "stored_measurements.h"
#include "temporary_folder.h"
#include "terminal.h"

namespace exportgate::cli {

namespace {

namespace fs = std::filesystem;

/// One of the two sides, with what was planned for it.
struct PlannedSide {
    std::string environment;
    fs::path cases;
    bench::Plan plan;
    fs::path executable;
    bool lacks_a_case = false;  // one that cannot be read
};

fs::path session_file(const project::Project& project, const std::string& measured,
                      const std::string& against) {
    return project.state / fmt::format("bench-{}-against-{}.json", measured, against);
}

/// "60s", "2m", "90": seconds. Error: not such a text.
Result<double> parse_duration(const std::string& text) {
    const Error wrong{"", 0, fmt::format("\"{}\" is no time for --budget", text),
                      "write seconds or minutes: 60s, 2m"};
    std::size_t digits = 0;
    double value = 0;
    try {
        value = std::stod(text, &digits);
    } catch (const std::exception&) {
        return tl::unexpected(wrong);
    }
    const std::string unit = text.substr(digits);
    if (!(unit.empty() || unit == "s" || unit == "m") || !(value > 0) || !std::isfinite(value))
        return tl::unexpected(wrong);
    return unit == "m" ? value * 60 : value;
}

std::vector<matrix::Case> cases_of(const bench::Plan& plan) {
    std::vector<matrix::Case> cases;
    for (const bench::PlannedCase& one : plan.cases)
        cases.push_back(one.declared);
    return cases;
}

/// What is timed where no benchmark is named. Without calls of exported programs: exporting them
/// anew in every launch takes ten times as long as timing all the rest.
const std::vector<std::string>& usual_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const std::string& operation : bench::operation_names()) {
            if (operation != "call") all.push_back(fmt::format("*/{}/*", operation));
        }
        return all;
    }();
    return names;
}

/// A side that is asked for the benchmarks of its cases. Layers are those of `like` where that has
/// the case: what is measured says at which sizes.
Results<PlannedSide> planned_side(const BenchOptions& options, const std::string& environment,
                                  const fs::path& cases, const fs::path& executable,
                                  const bench::Plan* like) {
    Folders folders = options.folders;
    folders.cases = cases;
    const Results<Workspace> workspace =
        load_workspace(folders, options.patterns, WhereBroken::leave_out);
    if (!workspace) return tl::unexpected(workspace.error());
    Result<bench::Plan> plan =
        bench::plan(workspace->cases, workspace->patterns, bench::Layers::gated);
    if (!plan) {
        Error error = plan.error();
        if (error.file.empty()) error.file = cases.string();
        return tl::unexpected(Errors{error});
    }
    plan->seed = options.seed;
    if (options.patterns.empty()) plan->names = usual_names();
    for (bench::PlannedCase& one : plan->cases) {
        if (like == nullptr) break;
        const auto same = std::find_if(like->cases.begin(), like->cases.end(),
                                       [&](const bench::PlannedCase& measured) {
                                           return measured.declared.name == one.declared.name;
                                       });
        if (same != like->cases.end()) one.layers = same->layers;
    }
    PlannedSide side{environment, cases, std::move(*plan), executable, !workspace->broken.empty()};
    if (!executable.empty()) return side;
    Results<fs::path> found = bench_executable(options, environment, cases_of(side.plan));
    if (!found) return tl::unexpected(found.error());
    side.executable = std::move(*found);
    Result<bench::Plan> whole = for_environment(std::move(side.plan), environment, side.executable);
    if (!whole) return tl::unexpected(Errors{whole.error()});
    side.plan = std::move(*whole);
    return side;
}

Result<bench::TimedSide> timed_side(const PlannedSide& side, const fs::path& plan) {
    if (Result<void> written = write_file(plan, bench::to_json(side.plan)); !written)
        return tl::unexpected(written.error());
    return bench::TimedSide{
        fmt::format("environment \"{}\" with {}", side.environment, side.cases.string()),
        side.executable, plan, side.cases.string()};
}

std::int64_t drawn_seed() {
    return static_cast<std::int64_t>(std::random_device()() % 1'000'000'000);
}

Result<bench::PairingOptions> pairing_options(const BenchOptions& options,
                                              const AgainstOptions& against) {
    bench::PairingOptions how;
    how.seed = options.seed;
    how.launches = against.launches;
    how.pairs = against.pairs;
    how.block_ns = static_cast<std::int64_t>(against.block_ms * 1e6);
    how.same_code = against.same_code;
    how.again = !against.raw;
    const std::vector<int> cpus = run::usable_cpus();
    how.cpu = against.cpu >= 0 ? against.cpu : cpus.empty() ? 0 : cpus.back();
    if (against.cpu >= 0 && std::find(cpus.begin(), cpus.end(), against.cpu) == cpus.end()) {
        std::vector<std::string> all;
        for (const int cpu : cpus)
            all.push_back(std::to_string(cpu));
        return tl::unexpected(Error{"", 0, fmt::format("there is no CPU {} to run on", against.cpu),
                                    "usable: " + join(all, ", ")});
    }
    if (!against.budget.empty()) {
        const Result<double> seconds = parse_duration(against.budget);
        if (!seconds) return tl::unexpected(seconds.error());
        how.budget = std::chrono::duration<double>(*seconds);
    }
    return how;
}

Ended keep_and_show(bench::Session session, const fs::path& file, const AgainstOptions& against,
                    bool usual) {
    session.made_by = "exportgate " EXPORTGATE_VERSION;
    if (Result<void> kept = write_file(file, bench::to_json(session)); !kept) return kept.error();
    if (!session.complete) {
        return {interrupted,
                {Error{"", 0,
                       fmt::format("{}; what was timed is kept in {} and never judged",
                                   session.reason, file.string()),
                       ""}}};
    }
    if (against.raw) return good;
    const bench::SessionResult result = bench::judge(session);
    if (!against.json.empty()) {
        if (Result<void> written = write_file(against.json, bench::to_json(session, result));
            !written)
            return written.error();
    }
    const bool printed = print(bench::comparison_table(session, result, against.all)) &&
                         (!usual || print("Calls of exported programs are timed where they are "
                                          "named: '*/call/*'.\n")) &&
                         print(fmt::format("The raw pairs: {}\n", file.string()));
    return printed ? bench::exit_code(result.verdict) : cannot_judge;
}

Ended gate(const BenchOptions& options, const AgainstOptions& against,
           bench::PairingOptions pairing) {
    const std::string other = against.against.empty() ? options.environment : against.against;
    const fs::path other_cases = against.cases.empty() ? options.folders.cases : against.cases;
    const Results<PlannedSide> measured = planned_side(
        options, options.environment, options.folders.cases, against.executable, nullptr);
    if (!measured) return measured.error();
    const Results<PlannedSide> baseline =
        planned_side(options, other, other_cases, against.against_executable, &measured->plan);
    if (!baseline) return baseline.error();

    const Result<TemporaryFolder> folder = TemporaryFolder::make();
    if (!folder) return folder.error();
    Result<bench::TimedSide> a = timed_side(*measured, folder->path() / "measured.json");
    if (!a) return a.error();
    Result<bench::TimedSide> b = timed_side(*baseline, folder->path() / "against.json");
    if (!b) return b.error();
    pairing.measured = std::move(*a);
    pairing.against = std::move(*b);
    pairing.threshold = [&](const bench::Name& name) {
        // What is measured says what is slower; what only the other side has is not timed.
        for (const bench::PlannedCase& one : measured->plan.cases) {
            if (one.declared.name == name.case_name) return bench::threshold_of(one.declared, name);
        }
        return matrix::Bench{}.threshold;
    };
    PairingLine line;
    const bench::PairingEvents events = line.events();
    Result<bench::Session> session = bench::time_pairs(pairing, events);
    line.clear();
    if (!session) return session.error();
    const fs::path file = against.session.empty()
                              ? session_file(options.folders.project, options.environment, other)
                              : against.session;
    Ended shown = keep_and_show(std::move(*session), file, against, options.patterns.empty());
    const bool lacks_a_case = measured->lacks_a_case || baseline->lacks_a_case;
    if (lacks_a_case && shown.exit_code() != interrupted) return {cannot_judge, shown.errors()};
    return shown;
}

}  // namespace

void add_against_options(CLI::App& command, AgainstOptions& options) {
    const std::string group = "Against another environment or version (the gate)";
    command
        .add_option("--against", options.against,
                    "Environment that --env is timed against; or a FILE of measurements of this "
                    "machine, which is shown and gates nothing")
        ->type_name("ENV|FILE")
        ->group(group);
    command
        .add_option("--against-cases", options.cases,
                    "Folder with the cases of the other side; --cases by default")
        ->type_name("DIR")
        ->group(group);
    command
        .add_option("--launches", options.launches, "Launches, and as many of what they leave open")
        ->type_name("N")
        ->capture_default_str()
        ->check(CLI::Range(1, 1001))
        ->group(group);
    command
        .add_option("--budget", options.budget,
                    "Time, such as 60s or 2m, in place of --launches: as many as fit")
        ->type_name("TIME")
        ->excludes("--launches")
        ->group(group);
    command.add_option("--pairs", options.pairs, "Pairs of blocks per benchmark and launch")
        ->type_name("N")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000))
        ->group(group);
    command.add_option("--block", options.block_ms, "How long a block is to take")
        ->type_name("MS")
        ->capture_default_str()
        ->check(CLI::Range(0.01, 1000.0))
        ->group(group);
    command.add_option("--cpu", options.cpu, "CPU on which all is timed; the last one by default")
        ->type_name("N")
        ->check(CLI::NonNegativeNumber)
        ->group(group);
    command
        .add_option("--same-code", options.same_code,
                    "How many benchmarks are also timed against the same code; 0: all")
        ->type_name("N")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber)
        ->group(group);
    command
        .add_option("--session", options.session,
                    "Where the raw pairs are kept (.exportgate/bench-ENV-against-ENV.json)")
        ->type_name("FILE")
        ->group(group);
    command.add_option("--json", options.json, "Write the comparisons as JSON")
        ->type_name("FILE")
        ->group(group);
    command.add_flag("--all", options.all, "Show the benchmarks that are the same, too")
        ->group(group);
    // For ci/calibrate, which draws whole sessions from many launches, and for tests.
    command.add_flag("--raw", options.raw, "Any number of launches, none fresh, no verdict")
        ->group("");
    command.add_option("--executable", options.executable, "In place of exportgate-bench")
        ->group("");
    command
        .add_option("--against-executable", options.against_executable,
                    "In place of the other side's exportgate-bench")
        ->group("");
}

Ended bench_against(BenchOptions options, const AgainstOptions& against) {
    if (!options.google_flags.empty()) {
        return Error{"", 0,
                     fmt::format("{} does not go with --against", options.google_flags.front()),
                     "name benchmarks by patterns"};
    }
    const std::vector<Output> outputs{{"--session", against.session}, {"--json", against.json}};
    if (const auto error = overwritten(outputs, {})) return *error;
    if (against.launches < bench::least_launches && !against.raw) {
        return Error{"", 0, fmt::format("--launches {} cannot be judged", against.launches),
                     fmt::format("{} are the least", bench::least_launches)};
    }
    if (!against.has_seed) options.seed = drawn_seed();
    std::error_code ignored;
    if (fs::is_regular_file(against.against, ignored) || against.against.ends_with(".json"))
        return show_against_stored(options, against.against);
    Result<bench::PairingOptions> pairing = pairing_options(options, against);
    if (!pairing) return pairing.error();
    return gate(options, against, std::move(*pairing));
}

}  // namespace exportgate::cli
