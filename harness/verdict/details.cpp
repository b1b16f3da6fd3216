#include "verdict/details.h"

#include <algorithm>

#include "base/text.h"
#include "outcome/parts.h"

namespace exportgate::verdict {
namespace {

using outcome::Outcome;
using outcome::Status;

outcome::Program program_of(const Outcome& outcome) {
    return std::get<outcome::Program>(outcome::parts_of(outcome));
}

std::vector<std::string> message_of(const Outcome& outcome) {
    auto parts = outcome::parts_of(outcome);
    auto* refusal = std::get_if<outcome::Refusal>(&parts);
    if (!refusal) return {};
    // Its end is a line too: a message that goes on behind an empty one adds what follows that.
    refusal->message.emplace_back();
    return std::move(refusal->message);
}

template <class Lines>
OtherLine first_other_line(OtherLine::Text text, const Lines& before, const Lines& after) {
    const auto [old_at, new_at] =
        std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    return {text, old_at == before.end() ? "" : std::string(*old_at),
            new_at == after.end() ? "" : std::string(*new_at)};
}

/// The weightiest first.
std::vector<graph::StructuralDifference> structure(std::string_view before,
                                                   std::string_view after) {
    const auto a = graph::canonicalise(before, "before");
    const auto b = graph::canonicalise(after, "after");
    if (!a || !b) return {};
    auto differences = graph::structural_diff(*a, *b);
    std::stable_sort(differences.begin(), differences.end(),
                     [](const auto& one, const auto& other) { return one.about < other.about; });
    return differences;
}

void add_program(const Outcome& before, const Outcome& after, std::vector<Detail>& details) {
    const auto old_program = program_of(before);
    const auto new_program = program_of(after);
    if (old_program.graph != new_program.graph) {
        for (auto& difference : structure(old_program.graph, new_program.graph))
            details.emplace_back(OtherStructure{false, std::move(difference)});
        if (details.empty()) details.emplace_back(UnreadableStructure{false});
    }
    if (old_program.specs != new_program.specs) {
        details.emplace_back(first_other_line(OtherLine::Text::specs,
                                              split(old_program.specs, '\n'),
                                              split(new_program.specs, '\n')));
    }
}

/// Where one of them has none, check decompose says why.
void add_decomposed(const Outcome& before, const Outcome& after, std::vector<Detail>& details) {
    if (before.decomposed == after.decomposed) return;
    auto differences = structure(before.decomposed, after.decomposed);
    if (differences.empty()) {
        details.emplace_back(UnreadableStructure{true});
    } else {
        details.emplace_back(OtherStructure{true, std::move(differences.front())});
    }
}

void add_checks(const Outcome& before, const Outcome& after, std::vector<Detail>& details) {
    for (const auto& reason : reasons_of(compare(before, after))) {
        const auto* difference = std::get_if<Difference>(&reason);
        if (difference && !check_of(*difference).empty()) details.emplace_back(*difference);
    }
}

}  // namespace

std::vector<Detail> details_of(const Outcome& before, const Outcome& after) {
    std::vector<Detail> details;
    if (before.status == Status::exported && after.status == Status::exported) {
        add_program(before, after, details);
        if (details.empty()) add_decomposed(before, after, details);
        if (details.empty()) add_checks(before, after, details);
    } else if (before.text != after.text) {
        details.emplace_back(
            first_other_line(OtherLine::Text::message, message_of(before), message_of(after)));
    }
    return details;
}

}  // namespace exportgate::verdict
