// The matrix at a glance: per case, kinds down, modes and dims styles across, a letter per pair.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "report/paint.h"
#include "verdict/verdict.h"

namespace exportgate::report {

/// What came, in one letter: E exported, e exported but a check fails, R rejected, C crashed, T
/// timeout, / not observed.
char letter(const verdict::Judgement& judgement);
char letter(const outcome::Outcome& outcome);

/// The blocks of all cases and a legend of the letters and marks that occur. A block that is wider
/// than `width` is broken between modes, then between dims styles.
std::string matrix_table(std::span<const verdict::Judgement> judgements, std::size_t width,
                         const Paint& paint);

}  // namespace exportgate::report
