// The `checks` column of expected.tsv: `dims=fail{lost: x dim 0 "batch" | lost: ...} run.2=pass
// bounds=pass+{batch = 0: accepted, as eager}`. One word a check, so that one flipped check is a
// one-word diff, with its revision where that is not 1; reasons in braces after it, notes in +{}.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "outcome/outcome.h"

namespace exportgate::golden {

/// Whether `name` can be the name of a check: letters, digits, '_', '-'.
bool is_check_name(std::string_view name);

/// The field, "-" for no checks. In reasons and notes '\', '|', '{', '}', tab, newline and carriage
/// return are escaped with '\'; so the text is one field of a TSV row, and parse_checks gives back
/// exactly `checks`. Names must be check names.
std::string print_checks(std::span<const outcome::CheckResult> checks);

/// Error (what only): found ..., expected ...
Result<std::vector<outcome::CheckResult>> parse_checks(std::string_view field);

}  // namespace exportgate::golden
