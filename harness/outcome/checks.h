// The results of the checks of an exported program, in one fixed order, whatever the worker
// reported.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "outcome/outcome.h"

namespace exportgate::outcome {

/// `dims`, then those that the worker was to carry out, in the order of the table of checks. One
/// that it did not report fails with the reason "not reported". Error: one that it was not to carry
/// out, or in another revision.
Result<std::vector<CheckResult>> all_checks(CheckResult dims,
                                            const std::vector<record::CheckObservation>& reported,
                                            const record::Revisions& carried_out,
                                            const std::set<std::string>& kept_names);

}  // namespace exportgate::outcome
