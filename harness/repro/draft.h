// Asks torch.export.draft_export about a cell that torch rejects, by a script of it.
#pragma once

#include "outcome/draft.h"
#include "repro/repro.h"

namespace exportgate::repro {

/// What it finds in the release of `python`. What no script can show, and what draft_export itself
/// raises, is the draft's obstacle. Errors: interrupted_text, and what is wrong with `scratch`.
Result<outcome::Draft> ask_draft(Asked asked, const std::filesystem::path& python,
                                 const std::filesystem::path& scratch, std::chrono::seconds budget,
                                 environment::Commands& commands);

}  // namespace exportgate::repro
