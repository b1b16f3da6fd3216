// The `when` column: a row may hold only for some environments of a release, where that was seen to
// matter.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "record/observation.h"

namespace exportgate::golden {

/// Whether every condition of `when` holds in `environment`; "" always holds. Conditions are
/// separated by commas:
///   python>=3.12          python, or a distribution's name, with == != < <= > >= and a version
///   build==cpu            the local part of torch's version, with == != ("" is spelt "none")
///   platform==linux-x86_64
/// A condition on a package that is not installed does not hold, whatever its operator.
/// Error (what only): not a condition, or a version that has no order where one is needed. Never a
/// guess.
Result<bool> holds(std::string_view when, const record::Environment& environment);

/// Error (what only) where `when` could not be evaluated in any environment: checked when a golden
/// is loaded.
Result<void> check_when(std::string_view when);

}  // namespace exportgate::golden
