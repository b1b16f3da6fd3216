#include "environment/tools.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/text.h"
#include "environment/build.h"

namespace exportgate::environment {

namespace {

namespace fs = std::filesystem;

/// Looks for one thing after the other; after an interruption nothing that it says holds.
class Search {
  public:
    explicit Search(Commands& commands) : commands_(commands) {}

    /// True where the shell's `test` is good.
    bool holds(const std::string& what, const std::string& test) {
        return finish(what, {"/bin/sh", "-c", test}).ending == Ending::good;
    }

    bool is_on_path(const std::string& program) {
        return holds(program, "command -v " + program);
    }

    /// CMake looks in more places than the compiler does, so it is asked. Only where it says so is
    /// the library missing: for everything else that keeps CMake from an answer (a full disk), the
    /// worker's own configuration has the words.
    bool lacks_json(const fs::path& worker_sources, const fs::path& scratch) {
        const Finished asked = finish(
            "nlohmann-json",
            {"cmake", "-S", (worker_sources / "cmake" / "tools").string(), "-B", scratch.string()});
        std::error_code ignored;
        fs::remove_all(scratch, ignored);
        return asked.ending == Ending::failed &&
               asked.output.find("nlohmann_json") != std::string::npos;
    }

    bool interrupted() const {
        return interrupted_;
    }

  private:
    Finished finish(const std::string& what, const std::vector<std::string>& command) {
        Result<Finished> finished = commands_.run("looking for " + what, command);
        if (!finished) return {Ending::failed, finished.error().what, ""};
        interrupted_ = interrupted_ || finished->ending == Ending::interrupted;
        return std::move(*finished);
    }

    Commands& commands_;
    bool interrupted_ = false;
};

}  // namespace

Result<Generator> find_tools(Commands& commands, const fs::path& worker_sources,
                             const fs::path& scratch) {
    Search search(commands);
    std::vector<std::string> missing;
    std::vector<std::string> packages;
    const auto lacks = [&](const std::string& what, const std::string& package) {
        missing.push_back(what);
        packages.push_back(package);
    };
    const bool has_ninja = search.is_on_path("ninja");
    const bool has_build_tool = has_ninja || search.is_on_path("make");
    const bool has_cmake = search.is_on_path("cmake");
    if (!has_cmake) lacks("cmake", "cmake");
    if (!has_build_tool) lacks("ninja or make", "ninja-build");
    // CMake takes CXX before it looks for others. It may have options behind the command.
    const std::string compiler = "compiler=${CXX:-c++}; compiler=${compiler%% *}; ";
    if (!search.holds("a C++ compiler", compiler + "command -v \"$compiler\""))
        lacks("a C++20 compiler (c++)", "g++");
    if (!has_cmake || !has_build_tool) {
        packages.push_back("nlohmann-json3-dev");  // not known; asking once is enough
    } else if (search.lacks_json(worker_sources, scratch)) {
        lacks("nlohmann-json", "nlohmann-json3-dev");
    }
    if (search.interrupted()) return tl::unexpected(Error{"", 0, interrupted_text, ""});
    if (missing.empty()) {
        if (has_ninja) return Generator{"Ninja", {"-k", "0"}};
        return Generator{"Unix Makefiles", {"-k"}};
    }
    return tl::unexpected(Error{
        "", 0,
        fmt::format("the worker of an environment is compiled on this machine, which lacks {}",
                    join(missing, ", ")),
        "Debian, Ubuntu: apt-get install " + join(packages, " ")});
}

}  // namespace exportgate::environment
