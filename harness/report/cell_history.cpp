#include "report/cell_history.h"

#include <algorithm>
#include <array>

#include "base/printable.h"
#include "report/footnotes.h"
#include "report/matrix_table.h"

namespace exportgate::report {
namespace {

using verdict::CellInRelease;
using verdict::Verdict;

constexpr std::array<std::string_view, 10> raised_digits{"⁰", "¹", "²", "³", "⁴",
                                                         "⁵", "⁶", "⁷", "⁸", "⁹"};

CellEntry without_outcome(const std::string& reason) {
    CellEntry entry;
    entry.letter = reason.empty() ? not_declared : not_observed;
    if (reason.empty()) return entry;
    entry.note = "not observed: " + printable(reason);
    entry.change = Verdict::unobserved;
    return entry;
}

CellEntry first_of_variant(const CellInRelease& seen, char letter, const std::string& pair,
                           const matrix::Case& declared) {
    CellEntry entry{letter,    seen.variant, note(*seen.first, pair, declared.pairs),
                    seen.like, "",           {}};
    if (seen.like == 0) return entry;
    const bool other_program = seen.first->status == outcome::Status::exported &&
                               seen.first_like->text != seen.first->text;
    if (other_program || note(*seen.first_like, pair, declared.pairs) == entry.note)
        entry.difference = difference(*seen.first_like, *seen.first);
    return entry;
}

}  // namespace

std::vector<CellEntry> in_words(const std::vector<CellInRelease>& history, const std::string& pair,
                                const matrix::Case& declared) {
    std::vector<CellEntry> entries;
    for (const auto& seen : history) {
        if (!seen.seen->outcome) {
            entries.push_back(without_outcome(seen.seen->reason));
            continue;
        }
        const char letter = letter_of(seen.grade);
        const auto known = std::find_if(entries.begin(), entries.end(), [&](const auto& each) {
            return each.letter == letter && each.variant == seen.variant;
        });
        CellEntry entry =
            known != entries.end() ? *known : first_of_variant(seen, letter, pair, declared);
        entry.change = seen.is_case_error ? Verdict::case_error
                       : seen.since       ? seen.since->verdict
                                          : Verdict::as_expected;
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::string letter_and_variant(char letter, std::size_t variant) {
    std::string text = letter == not_declared ? "–" : std::string(1, letter);
    if (variant == 1) return text;
    for (const char digit : std::to_string(variant))
        text += raised_digits.at(static_cast<std::size_t>(digit - '0'));
    return text;
}

}  // namespace exportgate::report
