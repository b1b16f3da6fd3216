#include "try_environment.h"

#include <cstdlib>
#include <optional>

#include "base/text.h"
#include "environment/add.h"
#include "environment/build.h"
#include "step_progress.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

namespace fs = std::filesystem;

/// A name without a folder is looked for on the PATH. What is not there stays as it is written.
fs::path whole_path(const std::string& python) {
    if (python.find('/') != std::string::npos) return fs::absolute(python).lexically_normal();
    const char* path = std::getenv("PATH");
    const std::string folders = path == nullptr ? "" : path;
    for (const std::string_view folder : split(folders, ':')) {
        std::error_code ignored;
        const fs::path file = fs::path(folder) / python;
        if (fs::is_regular_file(file, ignored)) return fs::absolute(file).lexically_normal();
    }
    return python;
}

/// With the links of the folder resolved. The file of a venv is a link itself, to an interpreter
/// that has other packages.
fs::path resolved(const fs::path& python) {
    std::error_code ignored;
    return fs::weakly_canonical(python.parent_path(), ignored) / python.filename();
}

/// The environment that has the interpreter; one that need not be built again where there are
/// several.
std::optional<std::string> name_of(const fs::path& python, const fs::path& environments,
                                   const fs::path& sources) {
    std::optional<std::string> outdated;
    for (const std::string& name : environment::names(environments)) {
        const Result<environment::Installed> one = environment::load(environments, name);
        if (!one || resolved(one->python) != resolved(python)) continue;
        if (environment::obstacles(*one, sources, {}).empty()) return name;
        if (!outdated) outdated = name;
    }
    return outdated;
}

}  // namespace

Result<environment::Installed> environment_with(const std::string& python,
                                                const fs::path& environments) {
    const Result<fs::path> sources = worker_sources();
    if (!sources) return tl::unexpected(sources.error());
    const fs::path interpreter = whole_path(python);
    const std::optional<std::string> known = name_of(interpreter, environments, *sources);
    if (known) {  // as it is, also while another exportgate is at work on it
        Result<environment::Installed> there = environment::load(environments, *known);
        if (there && environment::obstacles(*there, *sources, {}).empty()) return there;
    }
    environment::Request request;
    request.name = known.value_or("try-" + digest(interpreter.string()).substr(0, 8));
    request.python = interpreter.string();
    StepProgress progress(request.name);
    const auto watch = [&](const auto&... step) { progress.show(step...); };
    Result<environment::Added> added =
        known ? environment::update(environments, *known, {}, *sources, watch)
              : environment::add(environments, request, *sources, watch);
    if (!added) return tl::unexpected(added.error());
    return std::move(added->installed);
}

}  // namespace exportgate::cli
