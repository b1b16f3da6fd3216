// The [bench] of a case.toml.
#pragma once

#include <optional>
#include <vector>

#include "matrix/case.h"
#include "matrix/toml_input.h"

namespace exportgate::matrix {

/// Every mistake is noted with its line. `inputs` are those of the case: layers are made of the
/// leaves of layer 0.
std::optional<Bench> read_bench(const Entry& entry, const std::vector<Leaf>& inputs,
                                Mistakes& mistakes);

}  // namespace exportgate::matrix
