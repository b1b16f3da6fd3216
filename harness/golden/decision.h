// Which row of a cell applies: the rows of one cell as a list of rules, tried in order.
#pragma once

#include <span>
#include <vector>

#include "golden/golden.h"

namespace exportgate::golden {

/// The rows (of one cell, sorted) that can apply at `torch`, in the order in which they are tried:
/// highest `since` first, at one `since` those with a `when` before the one without. Ends with the
/// first row without `when`; rows that an earlier one with the same `when` hides are left out.
std::vector<const Row*> rules_at(std::span<const Row> rows, const TorchVersion& torch);

/// The row that applies in `environment` if its torch were `torch`; null for none. Error (what
/// only): a `when` cannot be evaluated, or two rows of one `since` hold both.
Result<const Row*> applicable(std::span<const Row> rows, const TorchVersion& torch,
                              const record::Environment& environment);

/// Whether every environment that `before` has a row for gets the same outcome from `after`.
bool keeps(std::span<const Row* const> before, std::span<const Row* const> after);

}  // namespace exportgate::golden
