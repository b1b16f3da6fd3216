// Where cases, goldens and environments are, and as of which day waivers are judged, as the options
// of a command say, else exportgate.toml; and what the cases declare.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "matrix/cell.h"
#include "project/project.h"
#include "record/record_file.h"

namespace exportgate::cli {

struct Folders {
    project::Project project;  // what is where no option says otherwise
    std::filesystem::path cases;
    std::filesystem::path golden;
    Date today = utc_today();  // for the expiry of waivers
};

/// Adds --cases and --golden.
void add_folder_options(CLI::App& command, Folders& folders, const project::Project& project);

/// Adds --cases alone.
void add_cases_option(CLI::App& command, Folders& folders, const project::Project& project);

/// Adds --recordings, which `description` says the use of.
void add_recordings_option(CLI::App& command, std::filesystem::path& recordings,
                           const project::Project& project, const std::string& description);

/// Adds --today, the clock's day where it is not given.
void add_today_option(CLI::App& command, Date& today);

struct Workspace {
    std::vector<matrix::Case> cases;
    std::vector<matrix::Cell> cells;  // all that are declared, in matrix order
    std::set<std::string>
        left_out;  // folders of cases that cannot be read; they are in neither list
    /// The mistakes of those that were asked for. Where there are some, the exit code is 2.
    Errors broken;
    /// Those of the caller, without those that can name cases in `broken` only. Never empty where
    /// the caller's are not.
    std::vector<std::string> patterns;
};

/// What a case that was asked for, and that cannot be read, does to the others.
enum class WhereBroken { stop, leave_out };

/// Reads every case. One that cannot be read, and that none of `patterns` can name, is left out
/// with a note on standard error. So is one that is named, with all its mistakes, where
/// `where_broken` says so and any other can be read. Errors: all mistakes of exportgate.toml, or of
/// the other case files; no cases at all, with the command that writes a first one.
Results<Workspace> load_workspace(const Folders& folders,
                                  const std::vector<std::string>& patterns = {},
                                  WhereBroken where_broken = WhereBroken::stop);

/// A record as read, without what it holds of the cases that were left out.
Result<record::Record> read_record(const std::filesystem::path& file, const Workspace& workspace);

/// The folders of its cases, each once, in their order.
std::vector<std::string> folders_of(const Workspace& workspace);

/// The cells of a folder that are declared for a release.
std::vector<matrix::Cell> declared_at(const Workspace& workspace, const std::string& folder,
                                      const std::string& torch);

/// This executable, links resolved.
std::filesystem::path executable();

/// Where environments are: in the build folder in which this executable lies; for an installed one
/// in $XDG_DATA_HOME/exportgate/environments (~/.local/share by default).
std::filesystem::path default_environments();

/// Adds --environments.
void add_environments_option(CLI::App& command, std::filesystem::path& environments);

/// The sources that workers are built from. Error: they are gone.
Result<std::filesystem::path> worker_sources();

/// Where `run` leaves its record unless told otherwise, and where `show` finds it.
std::filesystem::path last_record(const project::Project& project);

/// Where it leaves that of an environment, when it runs in several.
std::filesystem::path record_of(const project::Project& project, const std::string& environment);

}  // namespace exportgate::cli
