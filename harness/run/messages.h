// The messages of harness/worker/PROTOCOL.md as values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "matrix/cell.h"
#include "record/observation.h"

namespace exportgate::run {

inline constexpr int protocol_version = 3;

struct Hello {
    record::Environment environment;
    std::map<std::string, std::vector<std::string>> folders;  // "environment", "python", "worker"
    std::vector<std::string> python_path;                     // where it looks for modules
    record::Revisions checks;                                 // that it carries out
    std::map<std::string, double> timings_s;
};
struct Ready {
    matrix::Mode mode{};
    std::map<std::string, double> timings_s;
};
struct Fatal {
    std::string what;
    std::string remedy;
};
struct Forked {
    std::uint64_t id = 0;
    int pid = 0;
};
struct Exited {
    std::uint64_t id = 0;
    int signal = 0;
    int exit_code = 0;
};
using ControlMessage = std::variant<Hello, Ready, Fatal, Forked, Exited>;

/// One line of the control socket. Errors: not JSON, an unknown message, another protocol version
/// (names both and the remedy).
Result<ControlMessage> parse_control_message(std::string_view line, const std::string& worker);

struct StageBegins {
    std::string cell;
    std::string stage;
};
using ChildMessage = std::variant<StageBegins, record::Observation>;

/// One line of a child's channel. An observation has what it was made of, as the child names it:
/// absolute paths, without digests. Errors: not understood, or without the token of the run
/// message, which only the worker's own code has.
Result<ChildMessage> parse_child_message(std::string_view line, const std::string& cell,
                                         const std::string& token);

/// What is asked of one cell.
struct Request {
    matrix::Cell cell;
    std::filesystem::path save_program;  // where its program is to be left; empty: nowhere
    std::filesystem::path load_program;  // of this cell, saved by another torch; empty: none
    bool only_exports = false;           // carries no check out: how long the export takes
};

/// What is asked of all cells of a run.
struct Asked {
    std::map<std::string, std::string> declarations;      // case -> its declaration as JSON
    std::map<std::string, std::string> case_directories;  // absolute
    std::int64_t seed = 0;
    double check_budget_s = 0;
    double consumer_budget_s = 0;
    std::string artefact_folder;                // absolute; empty: cells share nothing
    std::vector<std::string> consumer_command;  // of the check `consumer`; may be empty
    std::vector<std::string> checks;            // to carry out; empty: all
    std::string saved_by;                       // the torch build of the programs to load
    std::uint64_t memory_limit_bytes = 0;
};

/// The "run" message. `token`: what the messages of its child have to be marked with.
std::string run_message(std::uint64_t id, const std::string& token,
                        std::span<const Request> requests, const Asked& asked);

}  // namespace exportgate::run
