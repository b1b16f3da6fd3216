// What keeps outcomes from being accepted, whatever they say.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "accepting.h"

namespace exportgate::cli {

/// Where CI is set nobody has read the outcomes: accepting is a person's act. nullopt elsewhere.
std::optional<Error> refusal_under_ci();

/// One for each proposed outcome that is an error of its case: torch was not asked, so there is
/// nothing to expect of it.
Errors case_errors(std::span<const Proposal> proposals, const Workspace& workspace);

/// One for each case that was edited since its outcomes were observed, and for each of which that
/// is not known: the outcomes may be of another case. Proposals from a record that says nothing of
/// its files are left out.
Errors cases_edited_since(std::span<const Proposal> proposals, const Workspace& workspace);

/// A line that says that some proposals come from such a record; "" where none does.
std::string note_on_files(std::span<const Proposal> proposals);

}  // namespace exportgate::cli
