// An environment that was added: what its environment.json says, and whether that still holds.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "environment/layout.h"
#include "matrix/case.h"
#include "record/observation.h"

namespace exportgate::environment {

inline constexpr int format_version = 1;

struct Installed {
    Layout places;
    std::filesystem::path python;     // the interpreter that the worker embeds
    bool own_venv = false;            // it is places.venv, and goes when the environment is removed
    std::filesystem::path stands_on;  // the interpreter whose packages, torch too, that venv sees
                                      // behind its own; empty: none
    std::optional<std::vector<std::string>> with;  // requirements that were installed beside torch;
                                                   // nullopt: it was added before this was kept
    std::filesystem::path cases;                   // whose native modules were built; empty: none
    record::Environment facts;   // what the worker said of itself; facts.name is the name
    std::string sources_digest;  // of the worker's sources when it was built; empty: unfinished
    std::map<std::string, std::string> natives;  // of every case with a native.cpp: why its module
                                                 // is not available, empty where it is
};

/// Errors: there is no such environment (names those that exist), it is half-made, or its
/// description cannot be read; each with the command that helps.
Result<Installed> load(const std::filesystem::path& root, const std::string& name);

/// Writes environment.json.
Result<void> save(const Installed& installed);

struct Obstacle {
    std::string what;    // "native.cpp of mine has changed since ..."
    std::string remedy;  // the command that helps
};

/// The interpreter of the environment, or the one that it stands on, is not there any more. Nothing
/// can be built or asked then.
std::optional<Obstacle> lost_python(const Installed& installed);

/// What keeps the worker from being used as it is: its sources, its torch or a native source of
/// one of the cases changed since it was built, or a part of it is gone. `case_directories` by
/// case: those that will be run.
std::vector<Obstacle> obstacles(
    const Installed& installed, const std::filesystem::path& worker_sources,
    const std::map<std::string, std::filesystem::path>& case_directories);

/// The folders of the cases below `cases` that have a native.cpp, by case.
std::map<std::string, std::filesystem::path> native_cases(const std::filesystem::path& cases);

}  // namespace exportgate::environment
