// Cuts a line into words, for comparing lines word by word.
#pragma once

#include <string_view>

namespace exportgate::report {

bool is_word_character(char c);

/// A decimal number without sign and point.
bool is_decimal_number(std::string_view word);

/// Takes a word, a decimal number with its point, or one other character from the front of `text`,
/// which is not empty.
std::string_view next_word(std::string_view& text);

}  // namespace exportgate::report
