// A person's own project: exportgate.toml says where its cases, goldens and records are and which
// environments it runs in, so that no command has to be told. docs/your-cache.md shows one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace exportgate::project {

inline constexpr const char* file_name = "exportgate.toml";

/// [environments.NAME]: what `exportgate env add NAME` makes. It has either `python` or a torch:
/// that of `torch`, or where that is empty the one that is its name.
struct DeclaredEnvironment {
    std::string name;
    int line = 0;
    std::string torch;              // to install: "2.13.0"
    std::vector<std::string> with;  // further requirements for pip, with those of the project
    std::string python;     // an interpreter that has torch already: a path, or a name on the PATH
    std::string venv_from;  // the interpreter that the venv is made from, the same
};

/// Paths are as a person in the current folder would write them. Without an exportgate.toml they
/// are those of exportgate's own checkout, in the current folder.
struct Project {
    std::filesystem::path file;  // exportgate.toml; empty: there is none
    std::filesystem::path cases = "cases";
    std::filesystem::path golden = "golden";
    std::filesystem::path recordings = std::filesystem::path("tests") / "recordings";
    /// Folders that hold packages of the project: Python looks there first.
    std::vector<std::filesystem::path> pythonpath;
    std::filesystem::path state = ".exportgate";  // what runs leave, beside the file
    std::string environment = "default";          // where no option names one
    int environment_line = 0;                     // that says so; 0: none does
    std::vector<std::string> with;                // requirements of every environment
    std::vector<std::string> consumers;           // that all programs are given to
    std::vector<std::string> consumer_command;    // what the check `consumer` starts, paths whole
    std::vector<DeclaredEnvironment> environments;
    Errors mistakes;  // why the file cannot be used; all the rest is then as without it

    /// Null where there is no [environments.NAME].
    const DeclaredEnvironment* declared(const std::string& name) const;
};

/// The nearest exportgate.toml from the current folder upwards: "exportgate.toml",
/// "../exportgate.toml" ...; nullopt where there is none.
std::optional<std::filesystem::path> find_file();

/// Errors: every mistake in the file, with its line.
Results<Project> read_project(const std::filesystem::path& file);

/// The project of the current folder. A file with mistakes is one with `mistakes`.
Project current();

}  // namespace exportgate::project
