// Whether torch said the same thing in other words: two observations whose outcomes are equal.
#pragma once

#include <optional>

#include "record/observation.h"
#include "verdict/upgrade.h"

namespace exportgate::verdict {

/// The first words in which the two differ, with a few words around; nullopt where every word is
/// the same. Compared are the print without its comments on where a node comes from, or the message
/// without what differs from run to run (line numbers, folders, addresses), and, where both have
/// it, the decomposed print, and the reasons and notes of checks in one revision; not the blanks
/// between words nor where lines end.
std::optional<Spelling> first_other_spelling(const record::Observation& before,
                                             const record::Observation& after);

}  // namespace exportgate::verdict
