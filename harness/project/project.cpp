#include "project/project.h"

#include <algorithm>

namespace exportgate::project {

namespace fs = std::filesystem;

const DeclaredEnvironment* Project::declared(const std::string& name) const {
    const auto found =
        std::find_if(environments.begin(), environments.end(),
                     [&](const DeclaredEnvironment& each) { return each.name == name; });
    return found == environments.end() ? nullptr : &*found;
}

std::optional<fs::path> find_file() {
    std::error_code failed;
    fs::path folder = fs::current_path(failed);
    if (failed) return std::nullopt;  // it was removed; whoever needs it says so
    fs::path file = file_name;
    for (;;) {
        std::error_code ignored;
        if (fs::exists(file, ignored)) return file;
        if (!folder.has_relative_path()) return std::nullopt;  // that was the root
        folder = folder.parent_path();
        file = ".." / file;
    }
}

Project current() {
    const std::optional<fs::path> file = find_file();
    if (!file) return {};
    Results<Project> read = read_project(*file);
    if (read) return std::move(*read);
    Project unusable;
    unusable.file = *file;
    unusable.mistakes = std::move(read.error());
    return unusable;
}

}  // namespace exportgate::project
