#include "bench.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/files.h"
#include "bench/measurements.h"
#include "bench/table.h"
#include "bench_against.h"
#include "commands.h"
#include "ended.h"
#include "environment/build.h"
#include "environment/command.h"
#include "observe_cells.h"
#include "run/digest.h"
#include "step_progress.h"
#include "terminal.h"

namespace exportgate::cli {

namespace {

namespace fs = std::filesystem;

/// Of each benchmark, unless --benchmark_min_time says otherwise: Google Benchmark's own half
/// second makes a quarter of an hour of the shipped cases.
constexpr const char* usual_min_time = "--benchmark_min_time=0.1";

bool has_flag(const std::vector<std::string>& flags, const std::string& name) {
    return std::any_of(flags.begin(), flags.end(), [&](const std::string& flag) {
        return flag == name || flag.starts_with(name + "=");
    });
}

/// The value of the last `name`=VALUE, which is taken out of `flags`.
std::optional<std::string> take_flag(std::vector<std::string>& flags, const std::string& name) {
    std::optional<std::string> value;
    std::erase_if(flags, [&](const std::string& flag) {
        if (!flag.starts_with(name + "=")) return false;
        value = flag.substr(name.size() + 1);
        return true;
    });
    return value;
}

/// Google Benchmark does the printing, in place of this process; nothing is kept.
Ended hand_over(const fs::path& executable, const fs::path& plan, std::vector<std::string> flags) {
    std::vector<std::string> words{executable.string(), "--plan", plan.string()};
    words.insert(words.end(), flags.begin(), flags.end());
    std::vector<char*> arguments;
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv(executable.c_str(), arguments.data());
    return Error{executable.string(), 0, fmt::format("cannot be started: {}", std::strerror(errno)),
                 "`exportgate env update` builds it again"};
}

/// What exportgate-bench said last on its way out.
Error failed_bench(const environment::Finished& finished, const fs::path& log) {
    std::string what = fmt::format("the benchmarks failed ({})", finished.how);
    const std::string own = "exportgate-bench: ";
    if (const std::size_t said = finished.output.rfind(own); said != std::string::npos) {
        what = finished.output.substr(said + own.size());
        what = what.substr(0, what.find('\n'));
    } else {
        for (const std::string& line : environment::lines_that_matter(finished.output, 8))
            what += "\n    " + line;
    }
    return {"", 0, what, "all that it printed is in " + log.string()};
}

Result<void> copy_to(const fs::path& file, const std::optional<std::string>& copy) {
    if (!copy) return {};
    const Result<std::string> text = read_file(file);
    if (!text) return tl::unexpected(text.error());
    return write_file(*copy, *text);
}

/// Times, keeps the file, prints the table.
Ended measure(const BenchOptions& options, const fs::path& executable, const fs::path& plan) {
    std::vector<std::string> flags = options.google_flags;
    const std::optional<std::string> copy = take_flag(flags, "--benchmark_out");
    const std::optional<std::string> format = take_flag(flags, "--benchmark_out_format");
    if (format && *format != "json") {
        return Error{"", 0, fmt::format("--benchmark_out_format={}: what is kept is JSON", *format),
                     fmt::format("--benchmark_format={} prints that form", *format)};
    }
    const fs::path file = bench_file(options.folders.project, options.environment);
    const fs::path part = file.string() + ".part";
    const fs::path log = file.parent_path() / fmt::format("bench-{}.log", options.environment);

    StepProgress progress(options.environment);
    Result<environment::Commands> commands = environment::Commands::with_log(
        log, [&](const std::string& step, double seconds, const std::string& line) {
            progress.show(step, seconds, line);
        });
    if (!commands) return commands.error();
    std::vector<std::string> command{executable.string(), "--plan", plan.string(),
                                     "--benchmark_out=" + part.string()};
    if (!has_flag(flags, "--benchmark_min_time")) command.push_back(usual_min_time);
    command.insert(command.end(), flags.begin(), flags.end());
    const Result<environment::Finished> finished = commands->run("timing", command);
    progress.clear();

    std::error_code ignored;
    if (!finished || finished->ending != environment::Ending::good) {
        fs::remove(part, ignored);
        if (!finished) return finished.error();
        if (finished->ending == environment::Ending::interrupted)
            return {interrupted, {Error{"", 0, "interrupted; nothing was kept", ""}}};
        return failed_bench(*finished, log);
    }
    const Result<bench::Measurements> read = bench::read_measurements(part);
    if (!read) return read.error();
    fs::rename(part, file, ignored);
    if (ignored) {
        return Error{file.string(), 0, "cannot be written: " + ignored.message(), ""};
    }
    if (Result<void> copied = copy_to(file, copy); !copied) return copied.error();
    const std::string shown = copy ? *copy : file.string();
    const bool printed =
        print(bench::table(*read)) && print(fmt::format("\nGoogle Benchmark's JSON: {}\n", shown));
    return printed ? good : cannot_judge;
}

Ended bench(const BenchOptions& options) {
    for (const std::string& flag : options.google_flags) {
        if (flag.starts_with("--benchmark_")) continue;
        return Error{"", 0, fmt::format("the following argument was not expected: {}", flag),
                     "`exportgate bench --help` shows what it takes"};
    }
    const bool prints_itself = has_flag(options.google_flags, "--benchmark_format") ||
                               has_flag(options.google_flags, "--benchmark_list_tests");
    // What prints itself has an exit code of its own.
    const Results<Workspace> workspace =
        load_workspace(options.folders, options.patterns,
                       prints_itself ? WhereBroken::stop : WhereBroken::leave_out);
    if (!workspace) return workspace.error();
    Result<bench::Plan> chosen =
        bench::plan(workspace->cases, workspace->patterns, bench::Layers::timed);
    if (!chosen) return chosen.error();
    chosen->seed = options.seed;
    std::vector<matrix::Case> cases;
    for (const bench::PlannedCase& one : chosen->cases)
        cases.push_back(one.declared);
    const Results<fs::path> executable = bench_executable(options, options.environment, cases);
    if (!executable) return executable.error();
    const Result<bench::Plan> whole =
        for_environment(std::move(*chosen), options.environment, *executable);
    if (!whole) return whole.error();
    const fs::path plan_file =
        bench_file(options.folders.project, options.environment).replace_extension(".plan");
    if (Result<void> written = write_file(plan_file, bench::to_json(*whole)); !written)
        return written.error();
    if (prints_itself) return hand_over(*executable, plan_file, options.google_flags);
    Ended measured = measure(options, *executable, plan_file);
    if (measured.exit_code() == good && !workspace->broken.empty()) return cannot_judge;
    return measured;
}

}  // namespace

Results<fs::path> bench_executable(const BenchOptions& options, const std::string& environment,
                                   const std::vector<matrix::Case>& cases) {
    Observing how;
    how.project = options.folders.project;
    how.environments = options.environments;
    how.environment = environment;
    const Results<fs::path> worker = worker_of(how, cases);
    if (!worker) return tl::unexpected(worker.error());
    fs::path executable = worker->parent_path() / "exportgate-bench";
    std::error_code ignored;
    if (fs::exists(executable, ignored)) return executable;
    const Result<std::string> notice = read_file(worker->parent_path() / "bench_not_available.txt");
    std::string reason = notice ? *notice : "it was not built with the worker";
    while (reason.ends_with('\n'))
        reason.pop_back();
    return tl::unexpected(Errors{
        {"", 0,
         fmt::format("environment \"{}\": benchmarks are not available: {}", environment, reason),
         fmt::format("install Google Benchmark (Debian: libbenchmark-dev) or set BENCHMARK_SOURCE "
                     "to its sources, then `exportgate env update {}`",
                     environment)}});
}

Result<bench::Plan> for_environment(bench::Plan plan, const std::string& environment,
                                    const fs::path& executable) {
    std::vector<matrix::Case> cases;
    for (const bench::PlannedCase& one : plan.cases)
        cases.push_back(one.declared);
    Result<std::string> digest =
        run::inputs_digest(cases, executable.parent_path() / "exportgate-worker");
    if (!digest) return tl::unexpected(digest.error());
    plan.environment = environment;
    plan.exportgate = EXPORTGATE_VERSION;
    plan.digest = std::move(*digest);
    return plan;
}

fs::path bench_file(const project::Project& project, const std::string& environment) {
    return project.state / fmt::format("bench-{}.json", environment);
}

void add_bench(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<BenchOptions>();
    auto against = std::make_shared<AgainstOptions>();
    CLI::App* command = app.add_subcommand(
        "bench", "Time what flatten, unflatten and calls cost in an environment");
    command
        ->add_option("patterns", options->patterns,
                     "Cases, or globs on benchmarks' names; the cases with a [bench] where none is "
                     "given")
        ->type_name("PATTERN");
    add_environments_option(*command, options->environments);
    options->environment = project.environment;
    command->add_option("--env", options->environment, "Environment")
        ->type_name("NAME")
        ->capture_default_str();
    add_cases_option(*command, options->folders, project);
    command
        ->add_option(
            "--seed", options->seed,
            "What the values of the tensors derive from; with --against the order of blocks "
            "too, and one is drawn where none is given")
        ->type_name("N")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    add_against_options(*command, *against);
    command->allow_extras();
    command->footer(
        "All flags of Google Benchmark work (--benchmark_filter=RE, --benchmark_min_time=1,\n"
        "--benchmark_out=FILE, --benchmark_repetitions=5, ...); with --benchmark_format or\n"
        "--benchmark_list_tests it is Google Benchmark that prints.\n"
        "Examples:\n  exportgate bench\n  exportgate bench 'kv_cache/flatten/*' --env 2.10.0\n  "
        "exportgate bench --env 2.14.1 --against default");
    command->callback([command, options, against, &exit_code] {
        options->google_flags = command->remaining();
        against->has_seed = command->count("--seed") > 0;
        exit_code =
            finish(against->asked_for() ? bench_against(*options, *against) : bench(*options));
    });
}

}  // namespace exportgate::cli
