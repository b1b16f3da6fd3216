// Asks a worker who it is: whether an environment is fit for use.
#pragma once

#include <filesystem>

#include "base/error.h"
#include "record/observation.h"

namespace exportgate::run {

/// Starts the worker, waits until it has exported a trivial case, ends it. In nonstrict mode: what
/// strict mode needs besides takes a second more, and its cells say what is wrong with it. Errors:
/// it does not start, does not answer within 5 minutes, speaks another protocol version, or ends
/// while it exports (each with the last lines that it printed). `name` of the result is empty.
Result<record::Environment> ask(const std::filesystem::path& worker);

}  // namespace exportgate::run
