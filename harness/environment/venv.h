// The virtual environment of an environment: with a torch of its own, or on top of the packages of
// an interpreter that has torch already.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "environment/add.h"
#include "environment/command.h"
#include "environment/layout.h"

namespace exportgate::environment {

/// Makes places.venv and installs request.torch and request.with into it. Users' pip configuration
/// is respected. Errors: no fit Python; pip fails.
Result<void> make_venv(Commands& commands, const Layout& places, const Request& request,
                       const std::filesystem::path& worker_sources);

/// Makes places.venv from `python`, lets it see the packages of `python` behind its own (a .pth
/// file; also those that are installed there in place, as editable), and installs `with` into it.
/// Nothing is written into the environment of `python`, and its torch stays the one that is seen:
/// pip is told so, and it is checked afterwards. Errors: `python` cannot be embedded or has no
/// torch; pip fails; one of `with` wants another torch.
Result<void> make_venv_over(Commands& commands, const Layout& places,
                            const std::filesystem::path& python,
                            const std::vector<std::string>& with,
                            const std::filesystem::path& worker_sources);

}  // namespace exportgate::environment
