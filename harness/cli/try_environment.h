// The environment in which `exportgate try` works: one that has the interpreter that was named.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "environment/installed.h"

namespace exportgate::cli {

/// The environment below `environments` that has the interpreter `python`, brought up to date;
/// where there is none it is made, and later calls find it. What it does is shown on standard
/// error. Errors: as environment::add.
Result<environment::Installed> environment_with(const std::string& python,
                                                const std::filesystem::path& environments);

}  // namespace exportgate::cli
