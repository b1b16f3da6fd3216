// Why a cell has its verdict, in words: one line for each reason.
#pragma once

#include <string>
#include <vector>

#include "verdict/verdict.h"

namespace exportgate::report {

/// "check run: pass -> fail: NameError", "the exported program differs"
std::string words_of(const verdict::Reason& reason);

std::vector<std::string> words_of(const std::vector<verdict::Reason>& reasons);

/// "has another structure where it is loaded": without whose program it is.
std::string what_is_wrong(const verdict::OfSavedProgram& program);

/// Whether it says no more than the two outcomes do where they end differently.
bool is_another_ending(const verdict::Reason& reason);

}  // namespace exportgate::report
