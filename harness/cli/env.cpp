#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/files.h"
#include "base/text.h"
#include "base/torch_version.h"
#include "commands.h"
#include "ended.h"
#include "env_request.h"
#include "environment/add.h"
#include "environment/build.h"
#include "environment/sources.h"
#include "step_progress.h"
#include "terminal.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct EnvOptions {
    std::filesystem::path root;
    AddOptions add;
    Folders folders;
};

std::string bytes_text(std::uintmax_t bytes) {
    const double megabytes = static_cast<double>(bytes) / 1e6;
    return megabytes >= 1000 ? fmt::format("{:.1f} GB", megabytes / 1000)
                             : fmt::format("{:.0f} MB", megabytes);
}

/// "CUDA 12.8", "CPU": what torch's local version says; a plain version says nothing.
std::string build_of(const record::Environment& facts) {
    const std::size_t plus = facts.torch_build.find('+');
    if (plus == std::string::npos) return "-";
    const std::string local = facts.torch_build.substr(plus + 1);
    if (local == "cpu") return "CPU";
    if (local.size() >= 4 && local.starts_with("cu") &&
        std::all_of(local.begin() + 2, local.end(),
                    [](unsigned char c) { return std::isdigit(c); })) {
        return fmt::format("CUDA {}.{}", local.substr(2, local.size() - 3), local.back());
    }
    return local;
}

std::string unavailable_parts(const environment::Installed& installed) {
    std::string text;
    for (const auto& [case_name, obstacle] : installed.natives) {
        if (obstacle.empty()) continue;
        text += fmt::format("native module of {}: not available: {}\n", case_name, obstacle);
    }
    if (Result<std::string> notice =
            read_file(installed.places.worker_folder / "bench_not_available.txt"))
        text += "benchmarks: not available: " + *notice;
    return text;
}

std::string one_line(const environment::Installed& installed) {
    const record::Environment& facts = installed.facts;
    return fmt::format("{}: torch {}, Python {}, C++ ABI {}", facts.name, facts.torch_build,
                       facts.python, facts.cxx11_abi);
}

Ended failed(const Error& error) {
    if (error.what == environment::interrupted_text)
        return {interrupted, {Error{"", 0, "interrupted; nothing half-made is left", ""}}};
    return error;
}

/// Cases are worth building native modules for only where there are some.
std::filesystem::path existing(const std::filesystem::path& cases) {
    std::error_code ignored;
    return std::filesystem::is_directory(cases, ignored) ? cases : std::filesystem::path();
}

Ended report_added(const Result<environment::Added>& added) {
    if (!added) return failed(added.error());
    const std::string parts = unavailable_parts(added->installed);
    print(fmt::format("{}: {} in {}\n{}", one_line(added->installed),
                      added->was_there ? "up to date" : "ready",
                      printable(added->installed.places.folder.string()), parts));
    return good;
}

/// For an environment that gets no packages: those of the usual one are not its own.
std::string note_on_packages(const project::Project& project) {
    const project::DeclaredEnvironment* usual = project.declared(project.environment);
    if (usual == nullptr || usual->with.empty()) return "";
    return fmt::format(
        "note: it does not get {}, which [environments.{}] has; `with` at the top of {} is for "
        "every environment\n",
        join(usual->with, ", "), usual->name, project.file.string());
}

Ended env_update(const EnvOptions& options, const std::filesystem::path& cases) {
    const Result<std::filesystem::path> sources = worker_sources();
    if (!sources) return sources.error();
    Result<environment::Added> updated = [&] {
        StepProgress progress(options.add.name);
        return environment::update(options.root, options.add.name, cases, *sources,
                                   [&](const auto&... step) { progress.show(step...); });
    }();
    return report_added(updated);
}

Ended env_add(const EnvOptions& options) {
    const project::Project& project = options.folders.project;
    if (!project.mistakes.empty()) return project.mistakes;
    const std::filesystem::path cases = existing(options.folders.cases);
    const bool is_release = TorchVersion::parse(options.add.name).has_value();
    const bool is_said = !options.add.say_nothing() ||
                         project.declared(options.add.name) != nullptr ||
                         (is_release && !project.with.empty());
    // One that is there is known by its name.
    if (!is_said && environment::check_name(options.add.name) &&
        environment::load(options.root, options.add.name))
        return env_update(options, cases);
    Result<environment::Request> request = request_of(options.add, project);
    if (!request) return request.error();
    if (!request->with && !print(note_on_packages(project))) return cannot_judge;
    request->cases = cases;
    const Result<std::filesystem::path> sources = worker_sources();
    if (!sources) return sources.error();
    Result<environment::Added> added = [&] {
        StepProgress progress(request->name);
        return environment::add(options.root, *request, *sources,
                                [&](const auto&... step) { progress.show(step...); });
    }();
    return report_added(added);
}

struct ListedEnvironment {
    std::string name, torch, python, build, abi, state, size, notes;
};

/// What tells it from a venv with nothing but torch.
std::string where_packages_are_from(const environment::Installed& installed) {
    if (!installed.own_venv)
        return fmt::format("  added with --python {}\n", installed.python.string());
    std::string text;
    if (!installed.stands_on.empty())
        text = fmt::format("  on top of the packages of {}", installed.stands_on.string());
    if (installed.with && !installed.with->empty())
        text +=
            fmt::format("{} {}", text.empty() ? "  with" : ", with", join(*installed.with, " "));
    return text.empty() ? text : text + "\n";
}

/// Those of exportgate.toml that were not made yet.
std::string undone(const EnvOptions& options, const std::vector<std::string>& names) {
    const project::Project& project = options.folders.project;
    std::string text;
    for (const project::DeclaredEnvironment& each : project.environments) {
        if (std::find(names.begin(), names.end(), each.name) != names.end()) continue;
        text += fmt::format("{}: not there yet; `exportgate env add {}` makes it, as {}:{} says\n",
                            each.name, each.name, project.file.string(), each.line);
    }
    return text;
}

ListedEnvironment listed(const EnvOptions& options, const std::string& name,
                         const std::filesystem::path& sources) {
    ListedEnvironment row{name, "-", "-", "-", "-", "", "", ""};
    row.size =
        bytes_text(environment::size_on_disk(environment::layout(options.root, name).folder));
    const Result<environment::Installed> installed = environment::load(options.root, name);
    if (!installed) {
        row.state = "unusable";
        row.notes = "  " + installed.error().what + " (" + installed.error().remedy + ")\n";
        return row;
    }
    const record::Environment& facts = installed->facts;
    row.torch = facts.torch;
    row.python = facts.python;
    row.build = build_of(facts);
    row.abi = std::to_string(facts.cxx11_abi);
    const std::vector<environment::Obstacle> obstacles =
        environment::obstacles(*installed, sources, environment::native_cases(installed->cases));
    row.state = obstacles.empty() ? "ready" : "outdated";
    for (const environment::Obstacle& obstacle : obstacles)
        row.notes += fmt::format("  {} ({})\n", obstacle.what, obstacle.remedy);
    for (const auto& [case_name, obstacle] : installed->natives) {
        if (obstacle.empty()) continue;
        row.notes += fmt::format("  native module of {}: not available: {}\n", case_name, obstacle);
    }
    row.notes += where_packages_are_from(*installed);
    return row;
}

Ended env_list(const EnvOptions& options) {
    const Result<std::filesystem::path> sources = worker_sources();
    if (!sources) return sources.error();
    const std::vector<std::string> names = environment::names(options.root);
    if (names.empty()) {
        return print(fmt::format("no environments in {}; `exportgate env add {}` makes one\n",
                                 options.root.string(), environment::usual_torch) +
                     undone(options, names))
                   ? good
                   : cannot_judge;
    }
    std::vector<ListedEnvironment> rows{
        {"name", "torch", "Python", "build", "C++ ABI", "worker", "size", ""}};
    for (const std::string& name : names)
        rows.push_back(listed(options, name, *sources));
    constexpr std::array columns{&ListedEnvironment::name,   &ListedEnvironment::torch,
                                 &ListedEnvironment::python, &ListedEnvironment::build,
                                 &ListedEnvironment::abi,    &ListedEnvironment::state,
                                 &ListedEnvironment::size};
    std::string text;
    for (const ListedEnvironment& row : rows) {
        std::string line;
        for (const auto column : columns) {
            std::size_t width = 0;
            for (const ListedEnvironment& each : rows)
                width = std::max(width, (each.*column).size());
            line += fmt::format("{:<{}}  ", row.*column, width);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n" + row.notes;
    }
    text += undone(options, names);
    return print(text) ? good : cannot_judge;
}

Ended env_remove(const EnvOptions& options) {
    const Result<std::uintmax_t> freed = environment::remove(options.root, options.add.name);
    if (!freed) return freed.error();
    return print(fmt::format("{}: removed, {} freed\n", options.add.name, bytes_text(*freed)))
               ? good
               : cannot_judge;
}

CLI::App* subcommand(CLI::App& env, const std::shared_ptr<EnvOptions>& options,
                     const std::string& name, const std::string& description, bool takes_name) {
    CLI::App* command = env.add_subcommand(name, description);
    if (takes_name) {
        command->add_option("name", options->add.name, "Name of the environment")
            ->type_name("NAME")
            ->required();
    }
    add_environments_option(*command, options->root);
    return command;
}

}  // namespace

void add_env(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<EnvOptions>();
    CLI::App* env = app.add_subcommand(
        "env", "Environments: one Python with one torch each, and the worker built for it");
    env->require_subcommand(1);

    CLI::App* add =
        subcommand(*env, options, "add",
                   "Install a torch and build its worker; up to date: does nothing", true);
    add->add_option("--torch", options->add.torch,
                    "Version to install; the name, where that is a version")
        ->type_name("VERSION");
    add->add_option("--with", options->add.with,
                    "Further requirement for pip, may be given several times: --with "
                    "optree==0.17.0; with --python it goes into a venv on top of its packages")
        ->type_name("REQUIREMENT")
        ->allow_extra_args(false);
    add->add_option(
           "--venv-from", options->add.venv_from,
           "Python from which the virtual environment is made; one is looked for otherwise")
        ->type_name("PYTHON");
    add->add_option(
           "--python", options->add.python,
           "Use this interpreter, which has torch already, as it is (conda, nightly, source build)")
        ->type_name("PYTHON");
    options->folders.project = project;
    options->folders.cases = project.cases;
    add->add_option("--cases", options->folders.cases, "Cases whose native modules are built")
        ->type_name("DIR")
        ->capture_default_str();
    add->footer(
        "Examples:\n  exportgate env add 2.10.0\n"
        "  exportgate env add 2.10.0-py312 --torch 2.10.0 --venv-from python3.12 --with "
        "optree==0.17.0\n"
        "  exportgate env add nightly --python ~/venvs/nightly/bin/python\n"
        "  exportgate env add hf --python ~/venvs/nightly/bin/python --with transformers==5.23.0\n"
        "What no option says is taken from [environments.NAME] of exportgate.toml.\n"
        "pip's own configuration applies (PIP_INDEX_URL, pip.conf). A torch with CUDA takes 5 to 7 "
        "GB; it runs on the CPU.");
    add->callback([options, &exit_code] { exit_code = finish(env_add(*options)); });

    auto cases = std::make_shared<std::filesystem::path>();
    CLI::App* update =
        subcommand(*env, options, "update", "Build the worker again where something changed", true);
    update->add_option("--cases", *cases, "Other cases than those it was added with")
        ->type_name("DIR");
    update->callback(
        [options, cases, &exit_code] { exit_code = finish(env_update(*options, *cases)); });

    CLI::App* list = subcommand(*env, options, "list", "All environments and their state", false);
    list->callback([options, &exit_code] { exit_code = finish(env_list(*options)); });

    CLI::App* remove =
        subcommand(*env, options, "remove",
                   "Remove an environment; an interpreter named with --python stays", true);
    remove->callback([options, &exit_code] { exit_code = finish(env_remove(*options)); });
}

}  // namespace exportgate::cli
