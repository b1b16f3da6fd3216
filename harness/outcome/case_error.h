// Errors of the case itself: its cell ended before torch was asked to export anything. Such an
// outcome says nothing about torch.
#pragma once

#include <optional>
#include <string>

#include "outcome/outcome.h"

namespace exportgate::outcome {

/// The stage in which the case failed. nullopt: torch was asked, and its answer is the outcome.
/// A stage of matrix::stages_before_export(), whether the cell was rejected, crashed or timed out
/// there; "start" where the child ended before it began any; any stage where the worker found that
/// case.py contradicts case.toml (its CaseError).
std::optional<std::string> stage_of_case_error(const Outcome& outcome);

/// The same, but nullopt too where `asked` says that the kind of `cell` fails in that stage
/// (`expected_stage`). A CaseError in a later stage is never expected.
std::optional<std::string> case_error(const Outcome& outcome, const matrix::Case& asked,
                                      const matrix::Cell& cell);

/// Whether a cell that ended in `stage` came further than one that ended in `other`.
bool is_later_stage(const std::string& stage, const std::string& other);

/// What a person can do about an error of the case in `stage`.
std::string remedy_of_case_error(const std::string& stage);

/// "register: TypeError: flatten() takes 1 argument": the stage, and what ended the cell there.
std::string describe_case_error(const Outcome& outcome);

}  // namespace exportgate::outcome
