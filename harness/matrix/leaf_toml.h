// Reads the leaves under [inputs] and [outputs] of a case.toml.
#pragma once

#include <string>
#include <vector>

#include "matrix/case.h"
#include "matrix/toml_input.h"

namespace exportgate::matrix {

enum class Leaves { inputs, outputs };

/// The leaves of the table `entry`, in the order of the file, checked against the declared dims.
/// Only inputs can be None.
std::vector<Leaf> read_leaves(const Entry& entry, const std::vector<Dim>& dims, Leaves which,
                              Mistakes& mistakes);

/// False, and a mistake with the nearest name, where no such dim is declared.
bool require_dim(const std::string& name, int line, const std::vector<Dim>& dims,
                 Mistakes& mistakes);

}  // namespace exportgate::matrix
