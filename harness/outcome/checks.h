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
/// out, or in another revision. `carried_out`: what the worker announced for all cells, without
/// what `asked` does not ask for.
Result<std::vector<CheckResult>> all_checks(CheckResult dims,
                                            const std::vector<record::CheckObservation>& reported,
                                            const record::Revisions& carried_out,
                                            const std::set<std::string>& kept_names);

/// Those of `announced` that the case asks for: `steps` only where it says how it is called in a
/// loop.
record::Revisions asked_for(record::Revisions announced, const matrix::Case& asked);

/// `announced` without the consumers that nobody asked for when the case was recorded.
record::Revisions of_consumers_asked_for(record::Revisions announced, const matrix::Case& recorded);

}  // namespace exportgate::outcome
