// `exportgate try --write`: the case that was tried becomes one of the project.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "environment/installed.h"
#include "project/project.h"

namespace exportgate::cli {

/// Error: the name cannot be a case's, or a case of that name is there.
Result<void> can_be_written(const project::Project& project, const std::string& name);

struct Written {
    std::vector<std::filesystem::path> files;
    std::vector<std::string> next;  // commands, and what has to be added to exportgate.toml
};

/// Copies the case in `folder` to the project's cases, and writes an exportgate.toml where there is
/// none. `needs_current_folder`: the class's module lies there. Errors name the file; nothing of
/// the case is left then.
Result<Written> write_case(const project::Project& project, const std::string& name,
                           const std::filesystem::path& folder,
                           const environment::Installed& installed, bool needs_current_folder);

}  // namespace exportgate::cli
