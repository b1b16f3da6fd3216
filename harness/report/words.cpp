#include "report/words.h"

#include <algorithm>

namespace exportgate::report {
namespace {

bool is_decimal(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

bool is_word_character(char c) {
    return is_decimal(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_decimal_number(std::string_view word) {
    return !word.empty() && std::all_of(word.begin(), word.end(), is_decimal);
}

std::string_view next_word(std::string_view& text) {
    std::size_t end = 0;
    const auto in_word = [&] {
        if (end == text.size()) return false;
        const bool is_point = text[end] == '.' && end > 0 && is_decimal(text[end - 1]) &&
                              end + 1 < text.size() && is_decimal(text[end + 1]);
        return is_word_character(text[end]) || is_point;
    };
    while (in_word())
        ++end;
    const auto word = text.substr(0, std::max<std::size_t>(end, 1));
    text.remove_prefix(word.size());
    return word;
}

}  // namespace exportgate::report
