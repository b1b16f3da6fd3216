// The [[waivers]] of a case.toml.
#pragma once

#include <string>
#include <vector>

#include "matrix/case.h"
#include "matrix/toml_input.h"

namespace exportgate::matrix {

/// Every mistake is noted with its line; what is left out or wrong in a waiver loses that waiver
/// only. `file` is what messages about the waivers call the case.toml.
std::vector<Waiver> read_waivers(const Entry& entry, const std::string& file, Mistakes& mistakes);

}  // namespace exportgate::matrix
