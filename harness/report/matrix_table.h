// The matrix at a glance: per case, kinds down, modes and dims styles across, a letter per pair;
// small cases in one line each.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "outcome/grade.h"
#include "report/paint.h"
#include "verdict/verdict.h"

namespace exportgate::report {

/// What came, in one letter.
inline constexpr std::array<std::pair<char, std::string_view>, 7> letter_meanings{
    {{'E', "exported, all checks pass"},
     {'e', "exported, runs as asked; another check fails"},
     {'F', "exported, not as asked: check dims, constants, run or steps fails"},
     {'R', "rejected"},
     {'C', "crashed"},
     {'T', "timeout"},
     {'/', "not observed"}}};
char letter_of(outcome::Grade grade);
char letter(const verdict::Judgement& judgement);

/// A program that is not what was asked for must not look like one that is.
document::Style style_of_letter(char letter);

/// Blocks of the cases and a legend of the letters and marks that occur: a block per case, but one
/// for all cases that are small. A block that is wider than `width` is broken between modes, then
/// between dims styles.
document::Document matrix_table(std::span<const verdict::Judgement> judgements, std::size_t width);

}  // namespace exportgate::report
