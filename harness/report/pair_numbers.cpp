#include "report/pair_numbers.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace exportgate::report {
namespace {

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Words, and what stands between them.
std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= text.size(); ++i) {
        if (i == text.size() || is_word_character(text[i]) != is_word_character(text[i - 1])) {
            words.push_back(text.substr(begin, i - begin));
            begin = i;
        }
    }
    return words;
}

bool is_number(std::string_view word) {
    return !word.empty() &&
           std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool same_dim(std::string_view a, const matrix::Pair& pair_of_a, std::string_view b,
              const matrix::Pair& pair_of_b) {
    return std::any_of(pair_of_a.extents.begin(), pair_of_a.extents.end(), [&](const auto& extent) {
        const auto other = pair_of_b.extents.find(extent.first);
        return other != pair_of_b.extents.end() && std::to_string(extent.second) == a &&
               std::to_string(other->second) == b;
    });
}

}  // namespace

bool equal_up_to_pairs(std::string_view a, const matrix::Pair& pair_of_a, std::string_view b,
                       const matrix::Pair& pair_of_b) {
    if (a == b) return true;
    const auto words_of_a = words_of(a);
    const auto words_of_b = words_of(b);
    if (words_of_a.size() != words_of_b.size()) return false;
    for (std::size_t i = 0; i < words_of_a.size(); ++i) {
        const auto& [mine, yours] = std::pair(words_of_a[i], words_of_b[i]);
        if (mine == yours) continue;
        if (!is_number(mine) || !is_number(yours) || !same_dim(mine, pair_of_a, yours, pair_of_b))
            return false;
    }
    return true;
}

std::string without_numbers(std::string_view text) {
    std::string shape;
    for (const auto word : words_of(text))
        shape += is_number(word) ? "#" : word;
    return shape;
}

std::string said_at_once(std::span<const std::string> texts) {
    if (texts.empty()) return "";
    std::vector<std::vector<std::string_view>> all;
    for (const auto& text : texts)
        all.push_back(words_of(text));
    std::string said;
    for (std::size_t i = 0; i < all.front().size(); ++i) {
        std::vector<std::string> choices;
        for (const auto& words : all) {
            if (i < words.size() &&
                std::find(choices.begin(), choices.end(), words[i]) == choices.end())
                choices.emplace_back(words[i]);
        }
        said += join(choices, " or ");
    }
    return said;
}

}  // namespace exportgate::report
