// Reads the leaves under [inputs] and [outputs] of a case.toml.
#pragma once

#include <string>
#include <vector>

#include "matrix/case.h"
#include "matrix/leaf_parts_toml.h"
#include "matrix/toml_input.h"

namespace exportgate::matrix {

/// The leaves of the table `entry`, in the order of the file, checked against the declared dims.
std::vector<Leaf> read_leaves(const Entry& entry, const std::vector<Dim>& dims, Leaves which,
                              Mistakes& mistakes);

}  // namespace exportgate::matrix
