// The file operators.tsv, compiled in. ci/operators makes it from a torch.
#pragma once

#include <string_view>
#include <vector>

namespace exportgate::graph {

/// Whole lines, in several parts.
const std::vector<std::string_view>& operator_table();

}  // namespace exportgate::graph
