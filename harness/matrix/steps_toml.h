// Reads [steps] of a case.toml.
#pragma once

#include "matrix/case.h"
#include "matrix/toml_input.h"

namespace exportgate::matrix {

/// [steps] of `one`, whose inputs, outputs and dims have been read.
std::optional<Steps> read_steps(const Entry& entry, const Case& one, Mistakes& mistakes);

}  // namespace exportgate::matrix
