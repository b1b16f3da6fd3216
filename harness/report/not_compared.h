// The checks that two outcomes do not let compare, in one line for all cells.
#pragma once

#include <span>
#include <string>

#include "verdict/verdict.h"

namespace exportgate::report {

/// "Not compared: checks model, traits in 12 cells (not carried out before)"; "" where all was.
std::string not_compared(std::span<const verdict::Judgement> judgements);

/// The same for `run` and `check`: where there is something to record, how.
std::string not_compared_with_goldens(std::span<const verdict::Judgement> judgements);

}  // namespace exportgate::report
