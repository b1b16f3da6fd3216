#include "workspace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "environment/sources.h"
#include "matrix/name_pattern.h"
#include "terminal.h"

namespace exportgate::cli {

void add_cases_option(CLI::App& command, Folders& folders, const project::Project& project) {
    folders.project = project;
    folders.cases = project.cases;
    folders.golden = project.golden;
    command.add_option("--cases", folders.cases, "Folder with the cases")
        ->type_name("DIR")
        ->capture_default_str();
}

void add_folder_options(CLI::App& command, Folders& folders, const project::Project& project) {
    add_cases_option(command, folders, project);
    command.add_option("--golden", folders.golden, "Folder with the expected outcomes")
        ->type_name("DIR")
        ->capture_default_str();
}

void add_recordings_option(CLI::App& command, std::filesystem::path& recordings,
                           const project::Project& project, const std::string& description) {
    recordings = project.recordings;
    command.add_option("--recordings", recordings, description)
        ->type_name("DIR")
        ->capture_default_str();
}

void add_today_option(CLI::App& command, Date& today) {
    const auto read = [&today](const std::string& text) {
        const Result<Date> date = parse_date(text);
        if (!date) throw CLI::ValidationError("--today", to_string(date.error()));
        today = *date;
    };
    command
        .add_option_function<std::string>(
            "--today", read, "The day as of which waivers are judged; the clock's (UTC) by default")
        ->type_name("YYYY-MM-DD")
        ->take_last();  // ci/conform gives one, and passes on what a person gives
}

namespace {

/// There is nothing yet: a newcomer's first command, or one in the wrong folder.
Error no_cases(const Folders& folders) {
    const std::string file = folders.project.file.string();
    if (folders.cases != folders.project.cases) {
        return {folders.cases.string(), 0, "there is no such folder of cases",
                "name one with --cases DIR"};
    }
    if (!file.empty()) {
        return {folders.cases.string(), 0,
                "there is no such folder, and " + file + " says that the cases are there",
                "`exportgate init NAME` writes a first case, or mend that file"};
    }
    return {"", 0,
            "there are no cases here: neither a folder \"" + folders.cases.string() + "\" nor an " +
                project::file_name + ", here or in a folder above",
            "`exportgate init NAME` writes a first case that runs, or name a folder of cases with "
            "--cases DIR"};
}

}  // namespace

namespace {

/// As a case, or by its cells or benchmarks.
bool names(const std::string& pattern, const std::string& case_name) {
    return pattern == matrix::folder_of(case_name) || matrix::name_matches(pattern, case_name) ||
           matrix::may_name(pattern, case_name);
}

bool is_named(const std::string& case_name, const std::vector<std::string>& patterns) {
    return patterns.empty() ||
           std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::string& pattern) { return names(pattern, case_name); });
}

/// Without the patterns that can name broken cases only.
std::vector<std::string> patterns_of_others(const std::vector<std::string>& patterns,
                                            const matrix::LoadedCases& loaded) {
    std::vector<std::string> kept;
    for (const std::string& pattern : patterns) {
        const bool names_broken =
            std::any_of(loaded.broken.begin(), loaded.broken.end(),
                        [&](const auto& one) { return names(pattern, one.first); });
        const bool names_other =
            std::any_of(loaded.cases.begin(), loaded.cases.end(),
                        [&](const matrix::Case& one) { return names(pattern, one.name); });
        if (names_other || !names_broken) kept.push_back(pattern);
    }
    return kept;
}

Error left_out(const std::string& case_name, Error mistake) {
    mistake.what = fmt::format("the case {} is left out: {}", case_name, mistake.what);
    return mistake;
}

}  // namespace

Results<Workspace> load_workspace(const Folders& folders, const std::vector<std::string>& patterns,
                                  WhereBroken where_broken) {
    if (!folders.project.mistakes.empty()) return tl::unexpected(folders.project.mistakes);
    std::error_code ignored;
    if (!std::filesystem::exists(folders.cases, ignored))
        return tl::unexpected(Errors{no_cases(folders)});
    Result<matrix::LoadedCases> loaded = matrix::load_each_case(folders.cases);
    if (!loaded) return tl::unexpected(Errors{loaded.error()});
    Workspace workspace;
    workspace.patterns = patterns_of_others(patterns, *loaded);
    const bool has_others =
        !loaded->cases.empty() && (patterns.empty() || !workspace.patterns.empty());
    const bool stops = where_broken == WhereBroken::stop || !has_others;
    Errors errors;
    for (const auto& [name, mistakes] : loaded->broken) {
        workspace.left_out.insert(name);
        if (!is_named(name, patterns)) {
            print_error(left_out(name, mistakes.front()));
        } else if (stops) {
            errors.insert(errors.end(), mistakes.begin(), mistakes.end());
        } else {
            for (const Error& mistake : mistakes)
                workspace.broken.push_back(left_out(name, mistake));
        }
    }
    if (!errors.empty()) return tl::unexpected(std::move(errors));
    print_errors(workspace.broken);
    workspace.cells = matrix::cells_of(loaded->cases);
    workspace.cases = std::move(loaded->cases);
    return workspace;
}

Result<record::Record> read_record(const std::filesystem::path& file, const Workspace& workspace) {
    Result<record::Record> record = record::read_record(file);
    if (!record || workspace.left_out.empty()) return record;
    const auto is_left_out = [&](const std::string& cell) {
        return workspace.left_out.contains(matrix::folder_of(cell.substr(0, cell.find('/'))));
    };
    record::Record kept;
    kept.file = record->file;
    kept.header = record->header;
    kept.footer = record->footer;
    std::erase_if(kept.header.cells, is_left_out);
    std::erase_if(kept.header.cases,
                  [&](const matrix::Case& each) { return is_left_out(each.name); });
    for (record::Observation& observation : record->observations) {
        if (!is_left_out(observation.cell)) kept.observations.push_back(std::move(observation));
    }
    return kept;
}

std::vector<std::string> folders_of(const Workspace& workspace) {
    std::vector<std::string> folders;
    for (const matrix::Case& each : workspace.cases) {
        std::string folder = matrix::folder_of(each.name);
        if (folders.empty() || folders.back() != folder) folders.push_back(std::move(folder));
    }
    return folders;
}

std::vector<matrix::Cell> declared_at(const Workspace& workspace, const std::string& folder,
                                      const std::string& torch) {
    const Result<TorchVersion> release = TorchVersion::parse(torch);
    std::vector<matrix::Cell> declared;
    for (const matrix::Case& each : workspace.cases) {
        if (matrix::folder_of(each.name) != folder) continue;
        if (release && each.first_torch && *release < *each.first_torch) continue;
        const std::vector<matrix::Cell> cells = matrix::cells_of({&each, 1});
        declared.insert(declared.end(), cells.begin(), cells.end());
    }
    return declared;
}

std::filesystem::path executable() {
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/exe", ignored);
}

std::filesystem::path default_environments() {
    const std::filesystem::path folder = executable().parent_path();
    if (std::filesystem::exists(folder / "CMakeCache.txt")) return folder / "environments";
    const char* data = std::getenv("XDG_DATA_HOME");
    const char* home = std::getenv("HOME");
    const std::filesystem::path base =
        data != nullptr && *data != '\0'
            ? std::filesystem::path(data)
            : std::filesystem::path(home != nullptr ? home : ".") / ".local" / "share";
    return base / "exportgate" / "environments";
}

void add_environments_option(CLI::App& command, std::filesystem::path& environments) {
    environments = default_environments();
    command.add_option("--environments", environments, "Folder in which environments are")
        ->type_name("DIR");
}

Result<std::filesystem::path> worker_sources() {
    return environment::worker_sources(executable(), EXPORTGATE_WORKER_SOURCES);
}

std::filesystem::path last_record(const project::Project& project) {
    return project.state / "last.jsonl";
}

std::filesystem::path record_of(const project::Project& project, const std::string& environment) {
    return project.state / (environment + ".jsonl");
}

}  // namespace exportgate::cli
