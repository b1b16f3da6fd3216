#include "env_request.h"

#include <fmt/format.h>

#include "base/torch_version.h"
#include "environment/layout.h"

namespace exportgate::cli {

namespace {

/// Nothing says which torch the environment is to have.
Error no_torch(const std::string& name, const project::Project& project) {
    const std::string table = fmt::format("[environments.{}]", name);
    return {"", 0,
            project.file.empty()
                ? fmt::format("\"{}\" is not a version of torch, and there is no {} with {}", name,
                              project::file_name, table)
                : fmt::format("\"{}\" is not a version of torch, and {} has no {}", name,
                              project.file.string(), table),
            fmt::format("say which torch (`exportgate env add {0} --torch {1}`), which interpreter "
                        "that has one (`exportgate env add {0} --python /path/to/python`), or name "
                        "it after its version (`exportgate env add {1}`)",
                        name, environment::usual_torch)};
}

}  // namespace

Result<environment::Request> request_of(const AddOptions& options,
                                        const project::Project& project) {
    if (!options.python.empty() && (!options.torch.empty() || !options.venv_from.empty())) {
        return tl::unexpected(
            Error{"", 0,
                  "--python names an interpreter that has torch already; --torch and --venv-from "
                  "are for a torch that is installed",
                  "leave --python away, or make the venv from that interpreter: --venv-from"});
    }
    environment::Request request;
    request.name = options.name;
    request.torch = options.torch;
    std::string python = options.python;
    std::string venv_from = options.venv_from;
    if (!options.with.empty()) request.with = options.with;

    if (const project::DeclaredEnvironment* declared = project.declared(options.name)) {
        const bool names_torch = !(request.torch + python + venv_from).empty();
        if (!names_torch) python = declared->python;
        if (python.empty() && request.torch.empty()) request.torch = declared->torch;
        if (python.empty() && venv_from.empty()) venv_from = declared->venv_from;
        if (!request.with) request.with = declared->with;
    } else if (!request.with && !project.with.empty()) {
        request.with = project.with;
    }
    if (!python.empty()) request.python = python;
    if (!venv_from.empty()) request.venv_from = venv_from;
    if (request.python) return request;
    const bool says_torch = !request.torch.empty();
    if (!says_torch) request.torch = request.name;
    if (TorchVersion::parse(request.torch)) return request;
    if (!says_torch) return tl::unexpected(no_torch(request.name, project));
    return tl::unexpected(Error{"", 0,
                                fmt::format("\"{}\" is not a version of torch", request.torch),
                                fmt::format("write it like --torch {}", environment::usual_torch)});
}

}  // namespace exportgate::cli
