#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "base/text.h"
#include "commands.h"
#include "ended.h"
#include "environment/installed.h"
#include "project/new_case.h"
#include "terminal.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

namespace fs = std::filesystem;

struct InitOptions {
    project::Project project;
    fs::path environments;
    project::NewCase wanted;
};

/// Nothing that is there is touched.
std::optional<Error> occupied(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(folder, ignored))) return std::nullopt;
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return Error{folder.string(), 0,
                 "is there already" + (names.empty() ? "" : ", with " + join(names, ", ")),
                 "choose another name, or remove it first"};
}

/// An exportgate.toml that fits the environment `default`, where that is there already.
std::string project_toml_for(const Result<environment::Installed>& installed) {
    if (!installed) return project::new_project_toml(environment::usual_torch, {});
    return project::new_project_toml(installed->facts.torch,
                                     installed->with.value_or(std::vector<std::string>{}));
}

/// What a first project gets beside its case: nothing that is there is written over.
std::vector<project::NewFile> files_of_project(const std::string& toml) {
    std::vector<project::NewFile> files = project::git_files();
    std::erase_if(files, [](const project::NewFile& file) {
        std::error_code ignored;
        return fs::exists(fs::symlink_status(file.name, ignored));
    });
    files.push_back({project::file_name, toml});
    return files;
}

/// What a person has to add to files for git that were there before.
std::string git_lines_to_add(const std::vector<fs::path>& written) {
    std::string text;
    for (const project::NewFile& file : project::git_files()) {
        if (std::find(written.begin(), written.end(), file.name) != written.end()) continue;
        const Result<std::string> there = read_file(file.name);
        std::vector<std::string> missing;
        for (const std::string_view line : split(file.text, '\n')) {
            if (line.empty() || line.starts_with('#')) continue;
            if (!there || there->find(line) == std::string::npos) missing.emplace_back(line);
        }
        if (missing.empty()) continue;
        text += fmt::format("add to {}:\n  {}\n", file.name, join(missing, "\n  "));
    }
    return text;
}

/// All of them go again where one cannot be written.
Result<std::vector<fs::path>> write_all(const fs::path& folder,
                                        const std::vector<project::NewFile>& files,
                                        const std::vector<project::NewFile>& of_project) {
    std::vector<std::pair<fs::path, std::string>> texts;
    for (const project::NewFile& file : files)
        texts.emplace_back(folder / file.name, file.text);
    for (const project::NewFile& file : of_project)
        texts.emplace_back(file.name, file.text);
    std::vector<fs::path> written;
    for (const auto& [path, text] : texts) {
        if (Result<void> one = write_file(path, text); !one) {
            std::error_code ignored;
            fs::remove_all(folder, ignored);
            for (const fs::path& path_of_project : written)
                fs::remove(path_of_project, ignored);
            return tl::unexpected(one.error());
        }
        written.push_back(path);
    }
    return written;
}

std::string next_commands(const InitOptions& options, bool has_environment) {
    const std::string& name = options.wanted.name;
    const std::string environment = options.project.environment;
    const std::string run = fmt::format("exportgate run '{}/*'", name);
    std::string text = "\nNext:\n";
    if (!options.wanted.class_path.empty()) {
        text += fmt::format("  fill in the TODOs in {} and case.toml; until then:\n",
                            (options.project.cases / name / "case.py").string());
    }
    if (!has_environment || options.wanted.native) {
        return text + fmt::format("  {:<34}  # {}\n  {:<34}  # exports and judges it\n",
                                  "exportgate env add " + environment,
                                  has_environment ? "builds native.cpp for it"
                                                  : "installs torch and builds its worker",
                                  run);
    }
    if (!options.wanted.class_path.empty()) return text + fmt::format("  {}\n", run);
    return text +
           fmt::format("  {}\n  exportgate accept '{}/*' --why \"...\"  # where that is right\n",
                       run, name);
}

Ended init(const InitOptions& options) {
    if (!options.project.mistakes.empty()) return options.project.mistakes;
    const Result<std::vector<project::NewFile>> files = project::files_of(options.wanted);
    if (!files) return files.error();
    const fs::path folder = options.project.cases / options.wanted.name;
    if (const std::optional<Error> there = occupied(folder)) return *there;

    const Result<environment::Installed> installed =
        environment::load(options.environments, options.project.environment);
    const bool is_first = options.project.file.empty();
    const Result<std::vector<fs::path>> written = write_all(
        folder, *files,
        is_first ? files_of_project(project_toml_for(installed)) : std::vector<project::NewFile>{});
    if (!written) return written.error();
    std::string text;
    for (const fs::path& file : *written)
        text += fmt::format("wrote {}\n", file.string());
    if (is_first) text += git_lines_to_add(*written);
    if (!options.wanted.class_path.empty()) {
        text += fmt::format(
            "\nWhat it imports has to be in the environment: with = [...] below "
            "[environments.{}] in {}.\n",
            options.project.environment,
            is_first ? project::file_name : options.project.file.string());
    }
    return print(text + next_commands(options, installed.has_value())) ? good : cannot_judge;
}

}  // namespace

void add_init(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<InitOptions>();
    options->project = project;
    CLI::App* command = app.add_subcommand(
        "init", "Write a case to begin with, and an exportgate.toml where there is none");
    command->add_option("name", options->wanted.name, "Name of the case, of its folder")
        ->type_name("NAME")
        ->required();
    command
        ->add_option("--class", options->wanted.class_path,
                     "A class that is imported, in place of one written into case.py")
        ->type_name("MODULE:CLASS");
    command->add_flag("--native", options->wanted.native, "With the class in C++ too");
    add_environments_option(*command, options->environments);
    command->footer(
        "Examples:\n  exportgate init my_cache\n"
        "  exportgate init hf_cache --class transformers.cache_utils:DynamicCache\n"
        "It never writes over what is there.");
    command->callback([options, &exit_code] { exit_code = finish(init(*options)); });
}

}  // namespace exportgate::cli
