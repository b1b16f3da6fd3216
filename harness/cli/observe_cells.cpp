#include "observe_cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <set>

#include "base/files.h"
#include "base/new_file.h"
#include "base/text.h"
#include "base/torch_version.h"
#include "env_request.h"
#include "environment/add.h"
#include "environment/installed.h"
#include "environment/sources.h"
#include "progress.h"
#include "record/check_table.h"
#include "run/run.h"
#include "step_progress.h"
#include "taking.h"
#include "temporary_folder.h"

namespace exportgate::cli {

namespace {

/// "2.13.0" is what `env add` installs; for a word somebody has to say which torch it means.
std::string add_command(const project::Project& project, const std::string& name) {
    if (project.declared(name) != nullptr || TorchVersion::parse(name))
        return fmt::format("`exportgate env add {}` makes it", name);
    return fmt::format(
        "`exportgate env add {} --torch {}` makes it, with --python PYTHON in place "
        "of --torch from an interpreter that has torch already",
        name, environment::usual_torch);
}

/// There is no environment of that name: who asked for it, and the command that makes it.
Error missing_environment(const Observing& how) {
    const project::Project& project = how.project;
    const std::vector<std::string> known = environment::names(how.environments);
    // Another release is never what was meant: "2.13.0" for "2.10.0".
    const std::string near =
        TorchVersion::parse(how.environment) ? "" : closest(how.environment, known);
    Error error{how.environments.string(), 0,
                fmt::format("there is no environment \"{}\"", how.environment), ""};
    if (!known.empty()) error.what += fmt::format(", there are: {}", join(known, ", "));
    if (how.environment == project.environment && project.environment_line > 0) {
        error.what = fmt::format("asks for the environment \"{}\", and there is none of that name",
                                 how.environment);
        if (!known.empty()) error.what += fmt::format("; there are: {}", join(known, ", "));
        error.file = project.file.string();
        error.line = project.environment_line;
    }
    if (!near.empty()) error.remedy = fmt::format("did you mean \"{}\"? ", near);
    error.remedy += add_command(project, how.environment);
    return error;
}

/// An environment of the project's that is there and is not what exportgate.toml says: it would be
/// another torch, or other packages, that are judged.
std::optional<Error> unlike_declared(const project::Project& project,
                                     const environment::Installed& installed) {
    const std::string& name = installed.facts.name;
    const project::DeclaredEnvironment* declared = project.declared(name);
    if (declared == nullptr) return std::nullopt;
    Result<environment::Request> request = request_of(AddOptions{name, "", "", "", {}}, project);
    if (!request) return request.error();
    if (request->python) {
        if (request->python->find('/') == std::string::npos) return std::nullopt;  // on the PATH
        request->python = std::filesystem::absolute(*request->python).lexically_normal().string();
    }
    const std::string difference = environment::difference(installed, *request);
    if (difference.empty()) return std::nullopt;
    return Error{
        project.file.string(), declared->line,
        fmt::format("the environment \"{}\" is not what this says: it {}", name, difference),
        fmt::format("`exportgate env remove {0}`, then `exportgate env add {0}`; or mend "
                    "what it says",
                    name)};
}

/// Those that are asked for of the case's programs.
std::vector<std::string> consumers_of(const Observing& how, const matrix::Case& one) {
    std::vector<std::string> of_checks;  // who names the check asks for it
    for (const std::string& check : how.checks) {
        if (record::is_consumer(check)) of_checks.push_back(check);
    }
    return matrix::all_consumers(matrix::all_consumers(one.consumers, of_checks),
                                 matrix::all_consumers(how.consumers, how.project.consumers));
}

std::optional<Error> has_no_command(const project::Project& project,
                                    const std::vector<std::string>& consumers) {
    const bool is_asked_for =
        std::find(consumers.begin(), consumers.end(), "consumer") != consumers.end();
    if (!is_asked_for || !project.consumer_command.empty()) return std::nullopt;
    return Error{
        project.file.string(), 0,
        "programs are to be given to the consumer of one's own, and nothing says which",
        fmt::format("write consumer_command = [\"{{python}}\", \"./my_consumer.py\"] into {}",
                    project::file_name)};
}

Result<record::Record> observe_now(const Observing& how, const run::Options& options,
                                   const Workspace& workspace, std::vector<matrix::Cell> cells) {
    if (how.reversed) std::reverse(cells.begin(), cells.end());
    Progress progress(cells.size());
    Result<record::Record> observed =
        run::observe(cells, workspace.cases, options, progress.events());
    progress.finish();
    if (observed && how.reversed) {
        std::reverse(observed->header.cells.begin(), observed->header.cells.end());
        std::reverse(observed->observations.begin(), observed->observations.end());
    }
    return observed;
}

/// What is taken from an earlier record, and the rest observed now.
Result<record::Record> observe_changed(const Observing& how, const run::Options& options,
                                       const Workspace& workspace,
                                       const std::vector<matrix::Cell>& cells) {
    const Taken taken = take(how, options, workspace, cells);
    if (const std::string sentence = sentence_of(taken, cells); !sentence.empty())
        std::fprintf(stderr, "exportgate: %s\n", sentence.c_str());
    // Whoever reads the record afterwards must not take an outdated one for this run's.
    std::error_code ignored;
    if (how.reuse && !taken.again.empty()) std::filesystem::remove(how.record, ignored);
    std::optional<record::Record> observed;
    if (!taken.again.empty()) {
        Result<record::Record> now = observe_now(how, options, workspace, taken.again);
        if (!now) return now;
        observed = std::move(*now);
    }
    if (!taken.earlier) return std::move(*observed);
    return combined(taken, std::move(observed), options, workspace, cells);
}

}  // namespace

void add_observing_options(CLI::App& command, Observing& how, const project::Project& project) {
    how.project = project;
    how.environment = project.environment;
    add_environments_option(command, how.environments);
    command.add_option("--jobs,-j", how.jobs, "Children at a time")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
    command.add_option("--timeout", how.timeout_s, "Seconds for each cell, without its checks")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command.add_option("--check-timeout", how.check_timeout_s, "Seconds for each check of a cell")
        ->type_name("SECONDS")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command
        .add_option("--consumers", how.consumers,
                    "Give exported programs to these too: aoti,onnx,consumer; besides those that "
                    "exportgate.toml and case.toml name")
        ->type_name("NAME,...")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(CLI::IsMember(matrix::consumer_names()));
    command
        .add_option("--consumer-timeout", how.consumer_timeout_s,
                    "Seconds for each consumer of a cell's program")
        ->type_name("SECONDS")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command
        .add_option("--seed", how.seed,
                    "What the random values derive from with which programs are checked")
        ->type_name("N")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    command.add_flag("--fresh", how.fresh,
                     "Observe every cell, also those that did not change since the record that is "
                     "there; the default where CI is set");
}

run::Options options_of(const Observing& how) {
    run::Options options;
    options.environment = how.environment;
    options.worker = how.worker;
    options.jobs = how.jobs;
    options.timeout = std::chrono::duration<double>(how.timeout_s);
    options.check_budget = std::chrono::duration<double>(how.check_timeout_s);
    options.consumer_budget = std::chrono::duration<double>(how.consumer_timeout_s);
    options.consumer_command = how.project.consumer_command;
    options.seed = how.seed;
    options.save_programs = how.save_programs;
    options.load_programs = how.load_programs;
    options.checks = record::with_those_that_they_build_on(how.checks);
    options.baseline = how.timings;
    return options;
}

void look_for_packages(const project::Project& project) {
    constexpr const char* variable = "PYTHONPATH";
    const char* before = std::getenv(variable);
    std::vector<std::string> folders;
    for (const std::filesystem::path& folder : project.pythonpath)
        folders.push_back(std::filesystem::absolute(folder).lexically_normal().string());
    std::string paths = join(folders, ":");
    const std::string others = before == nullptr ? "" : before;
    if (paths.empty() || others == paths || others.starts_with(paths + ":")) return;
    if (!others.empty()) paths += ":" + others;
    ::setenv(variable, paths.c_str(), 1);
}

Results<std::filesystem::path> worker_of(const Observing& how,
                                         const std::vector<matrix::Case>& cases) {
    look_for_packages(how.project);
    if (!how.worker.empty()) return how.worker;
    if (environment::check_name(how.environment) &&
        !std::filesystem::exists(environment::layout(how.environments, how.environment).folder)) {
        return tl::unexpected(Errors{missing_environment(how)});
    }
    const Result<environment::Installed> installed =
        environment::load(how.environments, how.environment);
    if (!installed) return tl::unexpected(Errors{installed.error()});
    if (const std::optional<Error> other = unlike_declared(how.project, *installed))
        return tl::unexpected(Errors{*other});
    const Result<std::filesystem::path> sources = worker_sources();
    if (!sources) return tl::unexpected(Errors{sources.error()});
    std::map<std::string, std::filesystem::path> natives;
    for (const matrix::Case& case_ : cases) {
        if (std::filesystem::exists(case_.directory / "native.cpp"))
            natives[matrix::folder_of(case_.name)] = case_.directory;
    }
    const std::vector<environment::Obstacle> obstacles =
        environment::obstacles(*installed, *sources, natives);
    if (obstacles.empty()) return installed->places.worker;
    Errors errors;
    for (const environment::Obstacle& obstacle : obstacles) {
        errors.push_back({"", 0,
                          fmt::format("environment \"{}\": {}", how.environment, obstacle.what),
                          obstacle.remedy});
    }
    return tl::unexpected(errors);
}

Result<std::vector<matrix::Cell>> declared_there(const Observing& how,
                                                 const std::vector<matrix::Case>& cases,
                                                 const std::vector<matrix::Cell>& cells) {
    if (!how.worker.empty()) return cells;  // nobody's environment
    const Result<environment::Installed> installed =
        environment::load(how.environments, how.environment);
    if (!installed) return tl::unexpected(installed.error());
    const Result<TorchVersion> torch = TorchVersion::parse(installed->facts.torch);
    if (!torch) return tl::unexpected(torch.error());
    std::set<std::string> later;
    for (const matrix::Case& each : cases) {
        if (each.first_torch && *torch < *each.first_torch) later.insert(each.name);
    }
    std::vector<matrix::Cell> declared;
    for (const matrix::Cell& cell : cells) {
        if (!later.contains(cell.case_name)) declared.push_back(cell);
    }
    if (!declared.empty() || cells.empty()) return declared;
    return tl::unexpected(Error{
        "", 0,
        fmt::format("none of the {} cells is declared for torch {}", cells.size(), torch->text()),
        "case.toml says which torch is the first; name an environment that has it: --env"});
}

Results<record::Record> observe(Observing how, const Workspace& declared,
                                const std::vector<matrix::Cell>& cells) {
    Workspace workspace = declared;
    std::vector<std::string> consumers;
    for (matrix::Case& each : workspace.cases) {
        each.consumers = consumers_of(how, each);
        const auto is_of_case = [&](const auto& cell) { return cell.case_name == each.name; };
        if (std::any_of(cells.begin(), cells.end(), is_of_case))
            consumers = matrix::all_consumers(consumers, each.consumers);
    }
    if (const std::optional<Error> error = has_no_command(how.project, consumers))
        return tl::unexpected(Errors{*error});
    const Results<std::filesystem::path> worker = worker_of(how, workspace.cases);
    if (!worker) {
        std::error_code ignored;
        if (how.reuse) std::filesystem::remove(how.record, ignored);
        return tl::unexpected(worker.error());
    }
    const Result<std::vector<matrix::Cell>> asked = declared_there(how, workspace.cases, cells);
    if (!asked) return tl::unexpected(Errors{asked.error()});
    // A worker that was named has what lies beside it.
    if (how.worker.empty()) {
        StepProgress progress(how.environment);
        Result<void> ready =
            environment::prepare_consumers(how.environments, how.environment, consumers,
                                           [&](const auto&... step) { progress.show(step...); });
        if (!ready) return tl::unexpected(Errors{ready.error()});
    }
    how.worker = *worker;
    run::Options options = options_of(how);
    std::optional<TemporaryFolder> artefacts;
    if (!consumers.empty()) {
        Result<TemporaryFolder> made = TemporaryFolder::make();
        if (!made) return tl::unexpected(Errors{made.error()});
        artefacts.emplace(std::move(*made));
        options.artefact_folder = artefacts->path();
    }
    Result<record::Record> observed = observe_changed(how, options, workspace, *asked);
    if (!observed) return tl::unexpected(Errors{observed.error()});
    observed->header.made_by = made_by;
    observed->header.shard = how.shard;
    observed->header.note = how.note;
    remove_abandoned(how.record.has_parent_path() ? how.record.parent_path() : ".");
    if (Result<void> kept = write_file(how.record, record::to_text(*observed)); !kept) {
        Error error = kept.error();
        error.what += fmt::format("; {} of {} cells were observed, and nothing of them is kept",
                                  observed->observations.size(), cells.size());
        return tl::unexpected(Errors{std::move(error)});
    }
    return std::move(*observed);
}

}  // namespace exportgate::cli
