// The sources that a worker is built from: they come with exportgate, installed or in its checkout.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"

namespace exportgate::environment {

/// The folder of the worker's CMake project: share/exportgate/worker beside an installed
/// `executable`, else `checkout`. Error: neither is there.
Result<std::filesystem::path> worker_sources(const std::filesystem::path& executable,
                                             const std::filesystem::path& checkout);

/// Digest of everything that a worker is built from, names and contents.
Result<std::string> sources_digest(const std::filesystem::path& sources);

}  // namespace exportgate::environment
