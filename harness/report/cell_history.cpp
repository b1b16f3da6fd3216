#include "report/cell_history.h"

#include <algorithm>
#include <array>
#include <map>

#include "outcome/case_error.h"
#include "report/matrix_table.h"
#include "report/outcome_notes.h"
#include "report/printable.h"

namespace exportgate::report {
namespace {

constexpr std::array<std::string_view, 10> raised_digits{"⁰", "¹", "²", "³", "⁴",
                                                         "⁵", "⁶", "⁷", "⁸", "⁹"};

class CellReader {
  public:
    CellReader(const matrix::Cell& cell, const matrix::Case& declared)
        : cell_(cell), declared_(declared) {}

    CellEntry next(const Seen& seen) {
        if (!seen.outcome) return without_outcome(seen.reason);
        const outcome::Outcome& outcome = *seen.outcome;
        const char letter = report::letter(outcome);
        auto& variants = variants_[letter];
        const auto known = std::find_if(variants.begin(), variants.end(), [&](const auto& each) {
            return verdict::compare(*each.outcome, outcome, {&declared_, &cell_}).verdict ==
                   verdict::Verdict::as_expected;
        });
        const auto at = static_cast<std::size_t>(known - variants.begin());
        if (known == variants.end()) variants.push_back({&outcome, first_time(letter, outcome)});
        last_[letter] = at;
        CellEntry entry = variants[at].entry;
        if (previous_)
            entry.change = verdict::compare(*previous_, outcome, {&declared_, &cell_}).verdict;
        if (outcome::case_error(outcome, declared_, cell_))
            entry.change = verdict::Verdict::case_error;
        previous_ = &outcome;
        return entry;
    }

  private:
    struct Variant {
        const outcome::Outcome* outcome;
        CellEntry entry;
    };

    static CellEntry without_outcome(const std::string& reason) {
        CellEntry entry;
        entry.letter = reason.empty() ? not_declared : not_observed;
        if (reason.empty()) return entry;
        entry.note = "not observed: " + printable(reason);
        entry.change = verdict::Verdict::unobserved;
        return entry;
    }

    CellEntry first_time(char letter, const outcome::Outcome& outcome) {
        const auto& variants = variants_[letter];
        CellEntry entry;
        entry.letter = letter;
        entry.variant = variants.size() + 1;
        entry.note = note(outcome, cell_.pair, declared_.pairs);
        if (variants.empty()) return entry;
        const auto& [before, known] = variants[last_[letter]];
        entry.like = known.variant;
        const bool other_program =
            outcome.status == outcome::Status::exported && before->text != outcome.text;
        if (known.note == entry.note || other_program)
            entry.difference = difference(*before, outcome);
        return entry;
    }

    const matrix::Cell& cell_;
    const matrix::Case& declared_;
    std::map<char, std::vector<Variant>> variants_;
    std::map<char, std::size_t> last_;  // by letter, the place of the last one in its variants
    const outcome::Outcome* previous_ = nullptr;
};

}  // namespace

std::vector<CellEntry> history(const matrix::Cell& cell, const matrix::Case& declared,
                               std::span<const Release> releases, std::size_t number) {
    CellReader reader(cell, declared);
    std::vector<CellEntry> entries;
    for (const auto& release : releases)
        entries.push_back(reader.next(release.cells.at(number)));
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
