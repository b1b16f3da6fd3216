// The results of the checks of an exported program, in one fixed order, whatever the worker
// reported.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "outcome/outcome.h"

namespace exportgate::outcome {

/// `dims`, then the worker's checks in the order of the list of checks. A check that the worker did
/// not report fails with the reason "not reported". Error: a check that nobody knows.
Result<std::vector<CheckResult>> all_checks(CheckResult dims,
                                            const std::vector<record::CheckObservation>& reported,
                                            const std::set<std::string>& kept_names);

}  // namespace exportgate::outcome
