// The key expected_stage: the error before the export that a case is about.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "matrix/case.h"
#include "matrix/toml_input.h"

namespace exportgate::matrix {

/// expected_stage = "register", for all of `kinds`; or { plain = "construct" }, for those kinds.
/// Mistakes: no stage before the export, a kind that the case does not have.
std::map<Kind, std::string> read_expected_stages(const Entry& entry, const std::vector<Kind>& kinds,
                                                 Mistakes& mistakes);

}  // namespace exportgate::matrix
