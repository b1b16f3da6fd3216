// What observations depend on, in a form that two machines can compare: digests of the contents of
// the cases and of what the worker was built from. The rest: ingredients.h and
// environment_digest.h.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "base/error.h"
#include "matrix/case.h"
#include "record/observation.h"

namespace exportgate::run {

/// Contents of every file in the cases' folders (except for waivers and [bench]), of the Python
/// files beside these folders, which all cases may import, of the worker's Python package, and of
/// the sources that the worker says it was built from (the executable itself where it does not
/// say); neither paths nor times. Errors: a file cannot be read; a native source is not the one
/// that the worker's module was built from.
Result<std::string> inputs_digest(std::span<const matrix::Case> cases,
                                  const std::filesystem::path& worker);

/// Of one case: the files of its folder as above, and the names of the Python files that lie beside
/// the folders of the cases. Errors as above.
Result<std::string> case_digest(const matrix::Case& case_, const std::filesystem::path& worker);

/// Whether case_digest() gave `kept` of the files that the case has now, with whatever worker.
/// Error: a file cannot be read.
Result<bool> is_digest_of(const matrix::Case& case_, const std::string& kept);

/// Of the worker alone. Error: a file cannot be read.
Result<std::string> worker_digest(const std::filesystem::path& worker);

/// Error: a source beside native.cpp in `case_directory` is not the one that the worker's native
/// module of that case was built from. Nothing is compared where no module was built.
Result<void> native_is_current(const std::filesystem::path& case_directory,
                               const std::string& case_name, const std::filesystem::path& worker);

/// True where `worker` was built for the torch, Python and C++ ABI of `environment`, and that torch
/// is still the one installed. Reads two small files and starts nothing.
bool is_built_for(const std::filesystem::path& worker, const record::Environment& environment);

}  // namespace exportgate::run
