// The files that a case consists of, in one digest: whether somebody edited it since.
#pragma once

#include <string>

#include "base/error.h"
#include "matrix/case.h"

namespace exportgate::run {

/// Contents of every file in the case's folder (but for what only judges: waivers, [bench],
/// expected_stage) and of the Python files beside the folder. Neither worker nor environment: two
/// machines agree. Error: a file cannot be read.
Result<std::string> digest_of_case_files(const matrix::Case& one);

}  // namespace exportgate::run
