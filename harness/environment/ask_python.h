// Asks a Python package of ours, which is embedded, in an interpreter that has what it looks at.
// The package is written into a folder, run once, and answers by a file: what it or the user's code
// prints is no answer.
#pragma once

#include <chrono>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "environment/command.h"

namespace exportgate::environment {

struct PythonModule {
    std::string_view file;  // "leaves.py"
    std::string_view text;
};

/// `main.main(arguments)` of it gets the files of the request and of the answer, then what else is
/// said. It answers {"error": {"what": ..., "remedy": ...}}, or as it has agreed with who asks.
struct PythonPackage {
    std::string_view name;
    std::span<const PythonModule> modules;
};

struct Question {
    std::string step;                    // while it runs: "writing the script"
    std::string doing;                   // where it ends early: "wrote the script"
    std::string remedy;                  // of that
    std::vector<std::string> arguments;  // besides the two files
    std::optional<std::chrono::seconds> budget = std::nullopt;
};

/// The answer, which is an object without "error". `scratch` is a folder for files that nobody
/// needs afterwards. Errors: what the package says is one; a process that ended without an answer,
/// or with one that is no object; interrupted_text.
Result<nlohmann::json> ask_python(const PythonPackage& package, const Question& question,
                                  const nlohmann::json& request,
                                  const std::filesystem::path& python,
                                  const std::filesystem::path& scratch, Commands& commands);

/// An answer without what was agreed. `problem`: what the JSON library says of it.
Error not_understood(const std::filesystem::path& python, std::string_view problem);

}  // namespace exportgate::environment
