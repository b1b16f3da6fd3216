#include "report/footnotes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.h"
#include "base/text.h"
#include "outcome/parts.h"
#include "report/check_reasons.h"
#include "report/reason_words.h"
#include "verdict/details.h"

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

bool is_weighty(const verdict::Detail& detail) {
    const auto* structure = std::get_if<verdict::OtherStructure>(&detail);
    return !structure || structure->of_decomposed ||
           structure->what.about != graph::About::what_follows;
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

struct DetailWords {
    std::string operator()(const verdict::OtherStructure& detail) const {
        return (detail.of_decomposed ? "decomposed: " : "") + detail.what.words;
    }
    std::string operator()(const verdict::UnreadableStructure& detail) const {
        return detail.of_decomposed ? "the decomposed program differs"
                                    : "the exported program differs";
    }
    /// What is new in it, and what was there.
    std::string operator()(const verdict::OtherLine& detail) const {
        const std::string where =
            detail.text == verdict::OtherLine::Text::message ? "the message" : "the spec";
        const auto old_line = without_indent(detail.before);
        const auto new_line = without_indent(detail.after);
        if (old_line.empty()) return where + " adds " + quoted_from(new_line, old_line);
        if (new_line.empty()) return where + " lacks " + quoted_from(old_line, new_line);
        return where + " says " + quoted_from(new_line, old_line) + " instead of " +
               quoted_from(old_line, new_line);
    }
    std::string operator()(const verdict::Difference& detail) const {
        return words_of(verdict::Reason(detail));
    }
};

/// The weightiest, and how many there are besides; one that follows from others where there are no
/// others.
std::string at_most(const std::vector<verdict::Detail>& details) {
    std::vector<std::string> shown;
    for (const auto& detail : details) {
        if (shown.size() == most_sentences || (!shown.empty() && !is_weighty(detail))) break;
        shown.push_back(std::visit(DetailWords{}, detail));
    }
    const auto left = details.size() - shown.size();
    std::string text = join(shown, "; ");
    if (left > 0) text += fmt::format("; {} more difference{}", left, left == 1 ? "" : "s");
    return text;
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
    const auto details = verdict::details_of(before, after);
    return printable(details.empty() ? "the outcome differs" : at_most(details));
}

}  // namespace exportgate::report
