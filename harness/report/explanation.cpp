#include "report/explanation.h"

#include <algorithm>

#include "base/text.h"
#include "graph/graph.h"
#include "outcome/parts.h"
#include "report/check_reasons.h"
#include "report/printable.h"
#include "report/reason_words.h"
#include "verdict/waive.h"

namespace exportgate::report {
namespace {

using outcome::CheckStatus;
using outcome::Outcome;
using outcome::Status;
using verdict::Judgement;

using Lines = std::vector<std::string>;

void add_text(std::string_view text, std::size_t most_lines, Lines& lines) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.empty()) return;
    const auto text_lines = split(text, '\n');
    // One line more than the limit is shown: cutting it off would take a line to say so.
    const std::size_t shown = text_lines.size() <= most_lines + 1 || most_lines == unlimited
                                  ? text_lines.size()
                                  : most_lines;
    for (std::size_t i = 0; i < shown; ++i)
        lines.push_back("  " + printable(text_lines[i]));
    if (shown < text_lines.size())
        lines.push_back("  ... " + std::to_string(text_lines.size() - shown) + " more lines");
}

void add_diff(const std::string& expected, const std::string& observed, std::size_t most_lines,
              DiffCache& diffs, Lines& lines) {
    if (expected == observed) return;
    const auto [diff, is_new] = diffs.try_emplace({expected, observed});
    if (is_new) diff->second = graph::text_diff(expected, observed);
    add_text(diff->second, most_lines, lines);
}

/// What the outcome's headline does not say: the lines of a rejection's message.
void add_message(const Outcome& outcome, std::size_t most_lines, Lines& lines) {
    const auto parts = outcome::parts_of(outcome);
    const auto* refusal = std::get_if<outcome::Refusal>(&parts);
    if (!refusal) return;
    std::string text;
    for (const auto& line : refusal->message)
        text += (line.empty() ? "" : "  ") + line + "\n";
    add_text(text, most_lines, lines);
}

void add_failing_checks(const Outcome& outcome, Lines& lines) {
    for (const auto& check : outcome.checks) {
        if (check.status != CheckStatus::fail) continue;
        if (check.reasons.empty()) lines.push_back("- check " + check.name + " fails");
        for (const auto& reason : said_reasons(check, "", {}))
            lines.push_back("- check " + check.name + ": " + printable(text_of({reason})));
    }
}

}  // namespace

std::string describe(const Outcome& outcome) {
    const bool all_pass =
        outcome.status == Status::exported &&
        std::none_of(outcome.checks.begin(), outcome.checks.end(),
                     [](const auto& check) { return check.status == CheckStatus::fail; });
    return printable(outcome::headline(outcome)) + (all_pass ? ", all checks pass" : "");
}

std::string waiver_line(const Judgement& judgement) {
    const auto& waiver = *judgement.waiver;
    return printable(std::string(verdict::info(waiver.instead_of).label) + ", waived " +
                     verdict::describe(waiver));
}

std::vector<std::string> explain(const Judgement& judgement, std::size_t most_lines,
                                 DiffCache& diffs) {
    Lines lines;
    const auto& [expected, observed] = std::pair(judgement.expected, judgement.observed);
    const std::string expectation = printable(judgement.expectation);
    if (judgement.waiver) lines.push_back(waiver_line(judgement));
    if (expected) {
        lines.push_back("expected: " + describe(*expected) + " (" + expectation + ")");
    } else if (!expectation.empty()) {
        lines.push_back("expected: none, " + expectation);
    }
    lines.push_back("observed: " + (observed ? describe(*observed) : std::string("nothing")));

    const bool status_differs = expected && observed && expected->status != observed->status;
    for (const auto& reason : judgement.reasons) {
        // The two lines above have said it.
        if (is_another_ending(reason) || std::holds_alternative<verdict::NothingExpected>(reason))
            continue;
        lines.push_back("- " + printable(words_of(reason)));
    }
    if (!observed) return lines;
    if (judgement.verdict == verdict::Verdict::case_error) {
        add_message(*observed, most_lines, lines);
        return lines;
    }
    if (!expected) add_failing_checks(*observed, lines);
    if (expected && !status_differs) {
        add_diff(expected->text, observed->text, most_lines, diffs, lines);
        // Where one of them has none, check decompose says why.
        if (expected->decomposed.empty() || observed->decomposed.empty() ||
            expected->decomposed == observed->decomposed)
            return lines;
        lines.emplace_back(decomposed_heading);
        add_diff(expected->decomposed, observed->decomposed, most_lines, diffs, lines);
    } else if (observed->status != Status::exported) {
        add_message(*observed, most_lines, lines);
    }
    return lines;
}

}  // namespace exportgate::report
