// The messages of harness/worker/PROTOCOL.md as values.
#pragma once

#include <cstdint>
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

inline constexpr int protocol_version = 2;

struct Hello {
    record::Environment environment;
    std::map<std::string, std::vector<std::string>> folders;  // "environment", "python", "worker"
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

/// One line of a child's channel.
Result<ChildMessage> parse_child_message(std::string_view line, const std::string& cell);

/// The "run" message; `declarations` holds the case of every cell, by name, as JSON.
std::string run_message(std::uint64_t id, std::span<const matrix::Cell> cells,
                        const std::map<std::string, std::string>& declarations,
                        const std::map<std::string, std::string>& case_directories,
                        std::uint64_t memory_limit_bytes);

}  // namespace exportgate::run
