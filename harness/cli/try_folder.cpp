#include "try_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "matrix/names.h"

namespace exportgate::cli {

namespace {

namespace fs = std::filesystem;

/// A string of TOML.
std::string toml_string(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// What the project has to say of the environment so that `run` finds it.
std::string project_toml(const environment::Installed& installed, bool needs_current_folder) {
    const std::string& name = installed.facts.name;
    std::string text =
        "# The cases of this project and where they run: docs/your-cache.md of exportgate.\n"
        "cases = \"cases\"\n"
        "golden = \"golden\"\n";
    if (needs_current_folder) text += "pythonpath = [\".\"]\n";
    text += fmt::format("environment = {}\n", toml_string(name));
    if (!installed.own_venv) {
        text += fmt::format("\n[environments.{}]\npython = {}\n", toml_string(name),
                            toml_string(installed.python.string()));
    }
    return text;
}

bool looks_in_current_folder(const project::Project& project) {
    std::error_code ignored;
    return std::any_of(
        project.pythonpath.begin(), project.pythonpath.end(),
        [&](const fs::path& folder) { return fs::equivalent(folder, ".", ignored); });
}

}  // namespace

Result<void> can_be_written(const project::Project& project, const std::string& name) {
    if (!matrix::usable_in_cell_name(name)) {
        return tl::unexpected(Error{"", 0, fmt::format("\"{}\" cannot be the name of a case", name),
                                    std::string(matrix::cell_name_rule)});
    }
    std::error_code ignored;
    const fs::path folder = project.cases / name;
    if (!fs::exists(fs::symlink_status(folder, ignored))) return {};
    return tl::unexpected(
        Error{folder.string(), 0, "is there already", "choose another name, or remove it first"});
}

Result<Written> write_case(const project::Project& project, const std::string& name,
                           const fs::path& folder, const environment::Installed& installed,
                           bool needs_current_folder) {
    Written written;
    const auto write = [&](const fs::path& file, const std::string& text) {
        Result<void> done = write_file(file, text);
        if (done) written.files.push_back(file);
        return done;
    };
    const auto all = [&]() -> Result<void> {
        for (const char* file : {"case.toml", "case.py"}) {
            const Result<std::string> text = read_file(folder / file);
            if (!text) return tl::unexpected(text.error());
            if (Result<void> done = write(project.cases / name / file, *text); !done) return done;
        }
        if (!project.file.empty()) return {};
        return write(project::file_name, project_toml(installed, needs_current_folder));
    };
    if (Result<void> done = all(); !done) {
        std::error_code ignored;
        fs::remove_all(project.cases / name, ignored);
        return tl::unexpected(done.error());
    }
    if (!project.file.empty() && needs_current_folder && !looks_in_current_folder(project)) {
        written.next.push_back(fmt::format("add to {}: pythonpath = [{}]", project.file.string(),
                                           toml_string(fs::current_path().string())));
    }
    const bool is_usual = project.file.empty() || project.environment == installed.facts.name;
    written.next.push_back(fmt::format("exportgate run '{}/*'{}", name,
                                       is_usual ? "" : " --env " + installed.facts.name));
    return written;
}

}  // namespace exportgate::cli
