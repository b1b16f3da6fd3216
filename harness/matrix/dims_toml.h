// Reads [dims], `relations` and [pairs] of a case.toml.
#pragma once

#include <string>
#include <vector>

#include "matrix/case.h"
#include "matrix/toml_input.h"

namespace exportgate::matrix {

std::vector<Dim> read_dims(const Entry& entry, Mistakes& mistakes);

std::vector<Relation> read_relations(const Entry& entry, const std::vector<Dim>& dims,
                                     Mistakes& mistakes);

/// A mistake for each dim of the table `entry` that no shape and no number among the inputs of
/// `one` names.
void report_unused_dims(const Entry& entry, const Case& one, Mistakes& mistakes);

/// Checked against the dims, relations and inputs of `one`.
std::vector<Pair> read_pairs(const Entry& entry, const Case& one, Mistakes& mistakes);

}  // namespace exportgate::matrix
