// The key expected_stage: the error before the export that a case is about.
#pragma once

#include <vector>

#include "matrix/case.h"
#include "matrix/parameters_toml.h"
#include "matrix/toml_input.h"

namespace exportgate::matrix {

/// Sets expected_stages of `cases`, which are those of one file: expected_stage = "register", for
/// all of their kinds; or { plain = "construct", "[arch=mistral]" = "register" }, for some kinds or
/// some values of parameters, "[arch=mistral]/plain" for both. What stands later in the table
/// counts. Mistakes: no stage before the export, a kind or a value that the case does not have.
void read_expected_stages(const Entry& entry, const std::vector<DeclaredParameter>& parameters,
                          std::vector<Case>& cases, Mistakes& mistakes);

}  // namespace exportgate::matrix
