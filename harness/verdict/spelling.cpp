#include "verdict/spelling.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "outcome/message.h"

namespace exportgate::verdict {
namespace {

using Words = std::vector<std::string>;

constexpr std::string_view blanks = " \t\r";
constexpr std::size_t words_before = 1;
constexpr std::size_t words_shown = 4;
constexpr std::size_t longest_word = 60;

void add_words(std::string_view line, Words& words) {
    while (true) {
        const auto begin = line.find_first_not_of(blanks);
        if (begin == std::string_view::npos) return;
        line.remove_prefix(begin);
        const auto end = std::min(line.find_first_of(blanks), line.size());
        words.emplace_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

/// "# File: ...", "# No stacktrace found ...", "#": where in the model's source a node comes from.
bool is_origin(std::string_view line) {
    return line == "#" || line.starts_with("# File:") || line.starts_with("# No stacktrace");
}

void add_print(std::string_view print, Words& words) {
    for (const auto line : split(print, '\n')) {
        const auto begin = line.find_first_not_of(blanks);
        if (begin == std::string_view::npos) continue;
        const auto end = line.find_last_not_of(blanks) + 1;
        if (!is_origin(line.substr(begin, end - begin))) add_words(line, words);
    }
}

void add_message(std::string_view message, Words& words) {
    for (const auto& line : outcome::telling_lines(message))
        add_words(line, words);
}

Words words_of(const record::Observation& observation) {
    Words words;
    if (const auto* exported = std::get_if<record::Exported>(&observation.result)) {
        add_print(exported->print, words);
        add_print(exported->decomposed, words);
        for (const auto& check : exported->checks) {
            for (const auto& reason : check.reasons)
                add_message(reason, words);
        }
    } else if (const auto* rejected = std::get_if<record::Rejected>(&observation.result)) {
        add_message(rejected->message, words);
    }
    return words;
}

/// The words around `place`, each cut to a length that fits on a line.
std::string around(const Words& words, std::size_t place) {
    const auto begin = place - std::min(place, words_before);
    std::string text;
    for (auto i = begin; i < std::min(begin + words_shown, words.size()); ++i) {
        if (!text.empty()) text += ' ';
        text +=
            words[i].size() <= longest_word ? words[i] : words[i].substr(0, longest_word) + "...";
    }
    return text;
}

}  // namespace

std::optional<Spelling> first_other_spelling(const record::Observation& before,
                                             const record::Observation& after) {
    const auto old_words = words_of(before);
    const auto new_words = words_of(after);
    if (old_words == new_words) return std::nullopt;
    const auto [old_word, new_word] =
        std::mismatch(old_words.begin(), old_words.end(), new_words.begin(), new_words.end());
    const auto place = static_cast<std::size_t>(old_word - old_words.begin());
    return Spelling{around(old_words, place), around(new_words, place)};
}

}  // namespace exportgate::verdict
