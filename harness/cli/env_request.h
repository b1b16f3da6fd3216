// From what a person typed after `env add` to what is asked for.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "environment/add.h"
#include "project/project.h"

namespace exportgate::cli {

/// Empty where an option was not given.
struct AddOptions {
    std::string name;
    std::string torch;
    std::string python;
    std::string venv_from;
    std::vector<std::string> with;

    bool say_nothing() const {
        return torch.empty() && python.empty() && venv_from.empty() && with.empty();
    }
};

/// What the options say, else [environments.NAME] of the project, else a name that is a version.
/// An option that names a torch (--torch, --python, --venv-from) replaces all that the project says
/// of it. `with` of the project holds for environments that it does not declare, too. Errors:
/// options that do not go together; nothing says which torch.
Result<environment::Request> request_of(const AddOptions& options, const project::Project& project);

}  // namespace exportgate::cli
