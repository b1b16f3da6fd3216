// What is needed on this machine to compile a worker. It is looked for before anything is
// downloaded: a torch takes gigabytes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "environment/command.h"

namespace exportgate::environment {

/// Which build tool CMake generates for, and how it is told to go on after a failure.
struct Generator {
    std::string name;
    std::vector<std::string> keep_going;
};

/// `scratch` is a folder that is made and removed. Error: what is missing, all of it at once, and
/// the one line that installs it.
Result<Generator> find_tools(Commands& commands, const std::filesystem::path& worker_sources,
                             const std::filesystem::path& scratch);

}  // namespace exportgate::environment
