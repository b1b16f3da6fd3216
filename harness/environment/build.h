// Builds the worker of an environment, and the native modules of the cases.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/error.h"
#include "environment/command.h"
#include "environment/installed.h"

namespace exportgate::environment {

/// What the interpreter says of itself and its torch, without importing torch (the probe of the
/// worker's CMake project).
struct Probed {
    std::string python_version;
    std::string torch_version;
    std::filesystem::path torch_directory;
};

/// Error: not a Python, no shared libpython, no headers, no torch: each with its remedy.
Result<Probed> probe(Commands& commands, const std::filesystem::path& python,
                     const std::filesystem::path& worker_sources);

/// Configures and compiles. A native module that cannot be built is "not available: reason" for
/// this environment, and nothing else is lost: the reason is in the result (by case, empty where it
/// was built), and beside the place of the module for the worker to tell; the same for the
/// benchmarks (bench_not_available.txt). Error: the worker itself
/// cannot be built; what is said is what the compiler said, and where the log is. An interruption
/// is an Error too.
Result<std::map<std::string, std::string>> build_worker(Commands& commands, const Layout& places,
                                                        const std::filesystem::path& python,
                                                        const std::filesystem::path& worker_sources,
                                                        const std::filesystem::path& cases);

/// Builds exportgate-aoti, which runs AOTInductor's packages, where it is missing or outdated. Why
/// it cannot be built is left beside the worker (aoti_not_available.txt), and is no Error. Error:
/// an interruption, or no build tool.
Result<void> build_aoti_runner(Commands& commands, const Layout& places);

/// An error made of what a failed command printed. `doing`: "torch 9.9.9 could not be installed".
Error failure(const Commands& commands, const Finished& finished, const std::string& doing,
              const std::string& remedy);

/// What an Error says where the user pressed Ctrl-C; the exit code is 130 then.
inline constexpr const char* interrupted_text = "interrupted";

}  // namespace exportgate::environment
