// What keeps outcomes from being accepted, whatever they say.
#pragma once

#include <optional>
#include <span>

#include "accepting.h"

namespace exportgate::cli {

/// Where CI is set nobody has read the outcomes: accepting is a person's act. nullopt elsewhere.
std::optional<Error> refusal_under_ci();

/// One for each proposed outcome that is an error of its case: torch was not asked, so there is
/// nothing to expect of it.
Errors case_errors(std::span<const Proposal> proposals, const Workspace& workspace);

/// One for each case that was edited since its outcomes were observed, or of which that is not
/// known: the outcomes are of another case. Proposals from a record are left out, as far as the
/// record does not say of which files it was made.
Errors cases_edited_since(std::span<const Proposal> proposals, const Workspace& workspace);

}  // namespace exportgate::cli
