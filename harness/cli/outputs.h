// The files that a command writes must be neither each other nor what it reads: a report over a
// record is a record lost.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"

namespace exportgate::cli {

/// A file that was asked for with `option` ("--json"); an empty path where it was not.
struct Output {
    std::string option;
    std::filesystem::path path;
};

/// Why these must not be written: two of them are one file, or one of them is one of `inputs`, also
/// by another name or through a link. Devices and pipes (/dev/null) have nothing to lose.
std::optional<Error> overwritten(std::span<const Output> outputs,
                                 std::span<const std::filesystem::path> inputs);

}  // namespace exportgate::cli
