// One digest over everything that observations depend on: the files of the cases and of the worker.
// The same digest, the same observations; used to reuse a record while nothing changed.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "base/error.h"
#include "matrix/case.h"

namespace exportgate::run {

/// Contents of every file in the cases' folders; names, sizes and modification times of what the
/// worker is built of (its folder without build leftovers). Error: a file cannot be read.
Result<std::string> inputs_digest(std::span<const matrix::Case> cases,
                                  const std::filesystem::path& worker);

}  // namespace exportgate::run
