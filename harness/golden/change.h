// What turns the outcome that a cell is expected to have into the one that came, so that cells with
// an equal change are read once and accepted together.
#pragma once

#include <string>

#include "golden/golden.h"

namespace exportgate::golden {

/// The diffs of the texts, and of each check that says something else the word of expected.tsv
/// before and after. Complete: with it, and the outcome that is expected (null: none), `after` can
/// be made again. Only so do equal changes stand for each other.
std::string change_text(const outcome::Outcome* before, const outcome::Outcome& after);

/// The same of a pending cell, against what `golden` expects of it now.
std::string change_text(const Golden& golden, const record::Environment& environment,
                        const Pending& pending);

/// The name of an equal change: eight hexadecimal digits, which are others once it changes.
std::string change_name(const std::string& change);

}  // namespace exportgate::golden
