#include "verdict/spelling.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "outcome/message.h"

namespace exportgate::verdict {
namespace {

struct Word {
    std::string text;
    std::size_t line;  // words of one line have one number

    /// Lines end elsewhere in another spelling.
    bool operator==(const Word& other) const {
        return text == other.text;
    }
};
using Words = std::vector<Word>;

constexpr std::string_view blanks = " \t\r";
constexpr std::size_t words_before = 1;
constexpr std::size_t words_shown = 4;
constexpr std::size_t most_words_shown = 12;
constexpr std::size_t longest_word = 60;

void add_words(std::string_view line, Words& words) {
    const std::size_t number = words.empty() ? 0 : words.back().line + 1;
    while (true) {
        const auto begin = line.find_first_not_of(blanks);
        if (begin == std::string_view::npos) return;
        line.remove_prefix(begin);
        const auto end = std::min(line.find_first_of(blanks), line.size());
        words.push_back({std::string(line.substr(0, end)), number});
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

/// Whether `other` has the check in the same revision: two revisions say other things.
bool is_comparable(const record::CheckObservation& check, const record::Observation& other) {
    const auto* exported = std::get_if<record::Exported>(&other.result);
    return exported &&
           std::any_of(exported->checks.begin(), exported->checks.end(), [&](const auto& one) {
               return one.name == check.name && one.revision == check.revision;
           });
}

Words words_of(const record::Observation& observation, const record::Observation& other) {
    Words words;
    if (const auto* exported = std::get_if<record::Exported>(&observation.result)) {
        const auto* of_other = std::get_if<record::Exported>(&other.result);
        add_print(exported->print, words);
        if (of_other && !of_other->decomposed.empty()) add_print(exported->decomposed, words);
        for (const auto& check : exported->checks) {
            if (!is_comparable(check, other)) continue;
            for (const auto* lines : {&check.reasons, &check.notes}) {
                for (const auto& line : *lines)
                    add_message(line, words);
            }
        }
    } else if (const auto* rejected = std::get_if<record::Rejected>(&observation.result)) {
        add_message(rejected->message, words);
    }
    return words;
}

bool is_open(std::string_view text) {
    return std::count(text.begin(), text.end(), '[') > std::count(text.begin(), text.end(), ']');
}

/// The words around `place` on its line, each cut to a length that fits on a line. A shape is shown
/// to its end.
std::string around(const Words& words, std::size_t place) {
    if (place == words.size()) return "";
    auto begin = place;
    while (begin > 0 && place - begin < words_before && words[begin - 1].line == words[place].line)
        --begin;
    std::string text;
    for (auto i = begin; i < words.size() && words[i].line == words[place].line; ++i) {
        const auto shown = i - begin;
        if (shown >= most_words_shown || (shown >= words_shown && !is_open(text))) break;
        const std::string& word = words[i].text;
        if (!text.empty()) text += ' ';
        text += word.size() <= longest_word ? word : word.substr(0, longest_word) + "...";
    }
    if (text.ends_with(',')) text.pop_back();
    return text;
}

}  // namespace

std::optional<Spelling> first_other_spelling(const record::Observation& before,
                                             const record::Observation& after) {
    const auto old_words = words_of(before, after);
    const auto new_words = words_of(after, before);
    if (old_words == new_words) return std::nullopt;
    const auto [old_word, new_word] =
        std::mismatch(old_words.begin(), old_words.end(), new_words.begin(), new_words.end());
    const auto place = static_cast<std::size_t>(old_word - old_words.begin());
    return Spelling{around(old_words, place), around(new_words, place)};
}

}  // namespace exportgate::verdict
