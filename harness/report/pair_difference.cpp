#include "report/pair_difference.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <vector>

#include "base/text.h"
#include "report/words.h"

namespace exportgate::report {
namespace {

std::optional<std::int64_t> number_in(std::string_view word) {
    std::int64_t number = 0;
    const auto* end = word.data() + word.size();
    const auto [rest, error] = std::from_chars(word.data(), end, number);
    if (error != std::errc() || rest != end) return std::nullopt;
    return number;
}

/// Whether `word` is to `pair` what `other` is to `other_pair`.
bool corresponds(std::string_view word, const matrix::Pair& pair, std::string_view other,
                 const matrix::Pair& other_pair) {
    if (word == pair.name && other == other_pair.name) return true;
    const auto number = number_in(word);
    const auto other_number = number_in(other);
    if (!number || !other_number) return false;
    return std::any_of(pair.extents.begin(), pair.extents.end(), [&](const auto& extent) {
        const auto found = other_pair.extents.find(extent.first);
        return extent.second == *number && found != other_pair.extents.end() &&
               found->second == *other_number;
    });
}

}  // namespace

bool differs_in_pair_only(std::string_view text, const matrix::Pair& pair, std::string_view other,
                          const matrix::Pair& other_pair) {
    while (!text.empty() && !other.empty()) {
        const auto word = next_word(text);
        const auto other_word = next_word(other);
        // Both ways: what is said at one pair of the other ("refuses b4c11") is said at the other
        // of the one.
        if (word != other_word && !corresponds(word, pair, other_word, other_pair) &&
            !corresponds(word, other_pair, other_word, pair)) {
            return false;
        }
    }
    return text.empty() && other.empty();
}

std::string without_pairs(std::string_view text, const matrix::Case& case_) {
    std::set<std::string, std::less<>> of_pairs;
    for (const auto& pair : case_.pairs) {
        of_pairs.insert(pair.name);
        for (const auto& [dim, extent] : pair.extents)
            of_pairs.insert(std::to_string(extent));
    }
    std::string result;
    while (!text.empty()) {
        const auto word = next_word(text);
        result += of_pairs.contains(word) ? std::string_view("\x01") : word;
    }
    return result;
}

std::string said_at_once(std::span<const std::string> texts) {
    std::vector<std::string_view> rest(texts.begin(), texts.end());
    std::string said;
    while (!rest.empty() && !rest.front().empty()) {
        std::vector<std::string> choices;
        for (auto& text : rest) {
            const std::string word(next_word(text));
            if (std::find(choices.begin(), choices.end(), word) == choices.end())
                choices.push_back(word);
        }
        said += join(choices, " or ");
    }
    return said;
}

}  // namespace exportgate::report
