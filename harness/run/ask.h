// Asks a worker who it is: whether an environment is fit for use.
#pragma once

#include <filesystem>

#include "base/error.h"
#include "record/observation.h"

namespace exportgate::run {

/// Starts the worker, waits until it has exported a trivial case in every mode, ends it. Errors: it
/// does not start, does not answer within 5 minutes, speaks another protocol version, or cannot
/// export (each with the last lines that it printed). `name` of the result is empty.
Result<record::Environment> ask(const std::filesystem::path& worker);

}  // namespace exportgate::run
