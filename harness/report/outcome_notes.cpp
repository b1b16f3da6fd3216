#include "report/outcome_notes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "graph/graph.h"
#include "outcome/parts.h"
#include "report/check_reasons.h"
#include "report/printable.h"
#include "verdict/verdict.h"

namespace exportgate::report {
namespace {

using outcome::CheckResult;
using outcome::CheckStatus;
using outcome::Outcome;
using outcome::Status;

constexpr std::size_t most_sentences = 2;
// Of a line that is quoted: less before the difference than half, so that it is always shown.
constexpr std::size_t most_of_a_line = 60;
constexpr std::size_t most_before_difference = 20;

std::string_view without_indent(std::string_view line) {
    for (const std::string_view start : {" ", "- ", "Explanation: "}) {
        while (line.starts_with(start))
            line.remove_prefix(start.size());
    }
    return line;
}

/// Where the character of several bytes begins that has a byte at `at`.
std::size_t character_start(std::string_view text, std::size_t at) {
    while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
        --at;
    return at;
}

/// At most so many bytes, up to the end of a word where the last one is not longer than half.
std::string_view first_words(std::string_view text, std::size_t most) {
    const std::size_t blank = text.rfind(' ', most);
    const bool long_word = blank == std::string_view::npos || blank < most / 2;
    return text.substr(0, long_word ? character_start(text, most) : blank);
}

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

/// Up to where the next sentence begins: "constant (3). If you're" ends behind "(3)".
std::string_view first_sentence(std::string_view line) {
    constexpr std::string_view closing = "`'\")";
    for (std::size_t i = 0; i + 2 < line.size(); ++i) {
        if (line[i] != '.' && line[i] != '!' && line[i] != '?') continue;
        std::size_t end = i + 1;
        while (end < line.size() && closing.find(line[end]) != std::string_view::npos)
            ++end;
        if (end + 1 >= line.size() || line[end] != ' ' || !is_upper(line[end + 1])) continue;
        return line.substr(0, line[i] == '.' && end == i + 1 ? i : end);
    }
    if (line.ends_with('.')) line.remove_suffix(1);
    return line;
}

std::vector<std::string> message_of(const Outcome& outcome) {
    auto parts = outcome::parts_of(outcome);
    auto* refusal = std::get_if<outcome::Refusal>(&parts);
    if (!refusal) return {};
    // Its end is a line too: a message that goes on behind an empty one adds what follows that.
    refusal->message.emplace_back();
    return std::move(refusal->message);
}

outcome::Program program_of(const Outcome& outcome) {
    return std::get<outcome::Program>(outcome::parts_of(outcome));
}

/// The first sentence of the message, and of the line below it: that one has the cause, where the
/// first has been the same since torch 2.4.
std::string said_first(std::span<const std::string> message) {
    std::string said;
    for (const auto& line : message) {
        const auto sentence = first_sentence(without_indent(line));
        if (sentence.empty()) break;
        if (!said.empty()) {
            said += said.ends_with('!') || said.ends_with(':') ? " " : ": ";
            said += sentence;
            break;
        }
        said = sentence;
    }
    return said;
}

/// "rejected in export: UserError: Constraints violated (batch)!"
std::string rejection(const outcome::Refusal& refusal) {
    const auto dot = refusal.exception.rfind('.');
    const std::string said = said_first(refusal.message);
    return fmt::format("{} in {}: {}{}{}", outcome::to_string(Status::rejected), refusal.stage,
                       refusal.exception.substr(dot == std::string::npos ? 0 : dot + 1),
                       said.empty() ? "" : ": ", said);
}

constexpr int follows_from_others = 4;

/// Calls, then inputs, then the rest, then symbols.
int weight(const std::string& sentence) {
    if (sentence.find(" removed: ") != std::string::npos ||
        sentence.find(" added: ") != std::string::npos)
        return 0;
    if (sentence.starts_with("inputs: ")) return 1;
    if (sentence.starts_with("input ")) return 2;
    if (sentence.starts_with("symbol") || sentence.starts_with("added: ") ||
        sentence.starts_with("removed: "))
        return follows_from_others;
    return 3;
}

/// The weightiest, and how many there are besides; symbols where there is nothing else.
std::string at_most(const std::vector<std::string>& sentences) {
    std::size_t shown = 0;
    while (shown < std::min(sentences.size(), most_sentences) &&
           (shown == 0 || weight(sentences[shown]) < follows_from_others))
        ++shown;
    std::string text = join(std::span(sentences).first(shown), "; ");
    const auto left = sentences.size() - shown;
    if (left > 0) text += fmt::format("; {} more difference{}", left, left == 1 ? "" : "s");
    return text;
}

/// The line from a few words before the place where it differs from the other one.
std::string_view from_difference(std::string_view line, std::string_view other) {
    const auto same = static_cast<std::size_t>(
        std::mismatch(line.begin(), line.end(), other.begin(), other.end()).first - line.begin());
    if (same <= most_before_difference) return line;
    std::size_t begin = same - most_before_difference;
    const auto blank = line.find(' ', begin);
    if (blank < same) begin = blank + 1;
    return line.substr(character_start(line, begin));
}

std::string quoted_from(std::string_view line, std::string_view other) {
    auto shown = from_difference(line, other);
    const std::string before = shown.size() < line.size() ? "... " : "";
    const bool cut = shown.size() > most_of_a_line;
    if (cut) shown = first_words(shown, most_of_a_line);
    return fmt::format("\"{}{}{}\"", before, shown, cut ? " ..." : "");
}

/// The first line in which they differ: what is new in it, and what was there.
template <class Lines>
std::string first_other_line(const std::string& where, const Lines& before, const Lines& after) {
    const auto [old_at, new_at] =
        std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    const auto old_line = old_at == before.end() ? std::string_view() : without_indent(*old_at);
    const auto new_line = new_at == after.end() ? std::string_view() : without_indent(*new_at);
    if (old_line.empty()) return where + " adds " + quoted_from(new_line, old_line);
    if (new_line.empty()) return where + " lacks " + quoted_from(old_line, new_line);
    return where + " says " + quoted_from(new_line, old_line) + " instead of " +
           quoted_from(old_line, new_line);
}

std::vector<std::string> program_difference(const Outcome& before, const Outcome& after) {
    std::vector<std::string> sentences;
    const auto old_program = program_of(before);
    const auto new_program = program_of(after);
    if (old_program.graph != new_program.graph) {
        const auto a = graph::canonicalise(old_program.graph, "before");
        const auto b = graph::canonicalise(new_program.graph, "after");
        if (a && b) sentences = graph::structural_diff(*a, *b);
        std::stable_sort(
            sentences.begin(), sentences.end(),
            [](const auto& one, const auto& other) { return weight(one) < weight(other); });
        if (sentences.empty()) sentences.emplace_back("the exported program differs");
    }
    if (old_program.specs != new_program.specs) {
        sentences.push_back(first_other_line("the spec", split(old_program.specs, '\n'),
                                             split(new_program.specs, '\n')));
    }
    return sentences;
}

/// "decomposed: 1 call added: ..."; where one of them has none, check decompose says why.
std::vector<std::string> decomposed_difference(const Outcome& before, const Outcome& after) {
    if (before.decomposed == after.decomposed) return {};
    std::vector<std::string> sentences;
    const auto a = graph::canonicalise(before.decomposed, "before");
    const auto b = graph::canonicalise(after.decomposed, "after");
    if (a && b) sentences = graph::structural_diff(*a, *b);
    std::stable_sort(sentences.begin(), sentences.end(), [](const auto& one, const auto& other) {
        return weight(one) < weight(other);
    });
    const std::string first =
        sentences.empty() ? std::string("the decomposed program differs") : sentences.front();
    return {sentences.empty() ? first : "decomposed: " + first};
}

/// Of checks that fail in neither: what fails is in the notes.
std::vector<std::string> check_difference(const Outcome& before, const Outcome& after) {
    std::vector<std::string> sentences;
    const auto comparison = verdict::compare(before, after);
    for (const auto* list : {&comparison.worse, &comparison.better, &comparison.other}) {
        for (const auto& sentence : *list) {
            if (sentence.starts_with("check ")) sentences.push_back(sentence);
        }
    }
    return sentences;
}

}  // namespace

std::string note(const Outcome& outcome, const std::string& pair,
                 std::span<const matrix::Pair> pairs) {
    const auto parts = outcome::parts_of(outcome);
    if (const auto* refusal = std::get_if<outcome::Refusal>(&parts))
        return printable(rejection(*refusal));
    if (outcome.status != Status::exported) return printable(outcome::headline(outcome));
    std::vector<std::string> all;
    for (const auto& check : outcome.checks) {
        if (check.status != CheckStatus::fail || !outcome::is_about_the_program(check.name))
            continue;
        const std::string why = text_of(said_reasons(check, pair, pairs));
        all.push_back("check " + check.name + " fails" + (why.empty() ? why : ": " + why));
    }
    return printable(join(all, "; "));
}

std::string difference(const Outcome& before, const Outcome& after) {
    std::vector<std::string> sentences;
    if (before.status == Status::exported && after.status == Status::exported) {
        sentences = program_difference(before, after);
        // Where the program differs, what it decomposes to does as well.
        if (sentences.empty()) sentences = decomposed_difference(before, after);
        if (sentences.empty()) sentences = check_difference(before, after);
    } else if (before.text != after.text) {
        sentences.push_back(first_other_line("the message", message_of(before), message_of(after)));
    }
    if (sentences.empty()) sentences.emplace_back("the outcome differs");
    return printable(at_most(sentences));
}

}  // namespace exportgate::report
