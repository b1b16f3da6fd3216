// Where cases, goldens and environments are, as the options of a command say, and what the cases
// declare.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "matrix/cell.h"

namespace exportgate::cli {

struct Folders {
    std::filesystem::path cases = "cases";
    std::filesystem::path golden = "golden";
};

/// Adds --cases and --golden.
void add_folder_options(CLI::App& command, Folders& folders);

struct Workspace {
    std::vector<matrix::Case> cases;
    std::vector<matrix::Cell> cells;  // all that are declared, in matrix order
};

/// Reads every case. Errors: all mistakes of all case files.
Results<Workspace> load_workspace(const Folders& folders);

/// The worker of a named environment, in the build folder in which this executable lies.
std::filesystem::path worker_of(const std::string& environment);

/// Where `run` leaves its record unless told otherwise, and where `show` finds it.
std::filesystem::path last_record();

}  // namespace exportgate::cli
