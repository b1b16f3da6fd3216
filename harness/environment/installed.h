// An environment that was added: what its environment.json says, and whether that still holds.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "environment/layout.h"
#include "matrix/case.h"
#include "record/observation.h"

namespace exportgate::environment {

inline constexpr int format_version = 1;

/// The native module of one case.
struct Native {
    std::string source_digest;  // of native.cpp when it was built
    std::string obstacle;       // why it is not available; empty where it is

    bool operator==(const Native&) const = default;
};

struct Installed {
    Layout places;
    std::filesystem::path python;  // the interpreter that the worker embeds
    bool own_venv = false;         // it is places.venv, and goes when the environment is removed
    std::filesystem::path cases;   // whose native modules were built; empty: none
    record::Environment facts;     // what the worker said of itself; facts.name is the name
    std::filesystem::path torch_version_file;  // torch/version.py
    std::string torch_version_digest;          // its content when the worker was built
    std::string sources_digest;                // of the worker's sources then
    std::map<std::string, Native> natives;     // by case
};

/// Errors: there is no such environment (names those that exist), it is half-made, or its
/// description cannot be read; each with the command that helps.
Result<Installed> load(const std::filesystem::path& root, const std::string& name);

/// Writes environment.json.
Result<void> save(const Installed& installed);

/// What keeps the worker from being used as it is: its sources, its torch or a case's native.cpp
/// changed since it was built, or a part of it is gone. Empty: nothing. `natives`: digests of the
/// native.cpp of the cases that will be run.
std::vector<std::string> obstacles(const Installed& installed,
                                   const std::filesystem::path& worker_sources,
                                   const std::map<std::string, std::string>& natives);

}  // namespace exportgate::environment
