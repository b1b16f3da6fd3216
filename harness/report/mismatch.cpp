#include "report/mismatch.h"

#include <algorithm>

#include "base/printable.h"
#include "base/text.h"
#include "graph/graph.h"
#include "outcome/parts.h"
#include "report/check_reasons.h"
#include "report/reason_words.h"
#include "verdict/waive.h"

namespace exportgate::report {
namespace {

using outcome::CheckStatus;
using outcome::Outcome;
using outcome::Status;
using verdict::Judgement;

using document::Code;
using document::Document;
using document::Paragraph;

std::vector<std::string> lines_of_diff(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    const auto lines = split(text, '\n');
    return {lines.begin(), lines.end()};
}

void add_diff(const std::string& expected, const std::string& observed, std::size_t most_lines,
              DiffCache& diffs, Document& details) {
    if (expected == observed) return;
    const auto [diff, is_new] = diffs.try_emplace({expected, observed});
    if (is_new) diff->second = graph::text_diff(expected, observed);
    if (!diff->second.empty())
        details.emplace_back(Code{lines_of_diff(diff->second), "diff", most_lines});
}

/// What the outcome's headline does not say: the lines of a rejection's message.
void add_message(const Outcome& outcome, std::size_t most_lines, Document& details) {
    const auto parts = outcome::parts_of(outcome);
    const auto* refusal = std::get_if<outcome::Refusal>(&parts);
    if (!refusal || refusal->message.empty()) return;
    // What torch suggests is never cut: it is what a person does next.
    Code message{{}, "", most_lines};
    Code fixes;
    for (const auto& line : refusal->message) {
        if (line.find("Suggested fixes:") != std::string::npos || !fixes.lines.empty())
            fixes.lines.push_back("  " + line);
        else
            message.lines.push_back("  " + line);
    }
    details.emplace_back(std::move(message));
    if (!fixes.lines.empty()) details.emplace_back(std::move(fixes));
}

void add_failing_checks(const Outcome& outcome, std::vector<std::string>& reasons) {
    for (const auto& check : outcome.checks) {
        if (check.status != CheckStatus::fail) continue;
        if (check.reasons.empty()) reasons.push_back("check " + check.name + " fails");
        for (const auto& reason : said_reasons(check, "", {}))
            reasons.push_back("check " + check.name + ": " + text_of({reason}));
    }
}

}  // namespace

std::string describe(const Outcome& outcome) {
    const auto& checks = outcome.checks;
    const bool all_pass = outcome.status == Status::exported &&
                          std::none_of(checks.begin(), checks.end(), [](const auto& check) {
                              return check.status == CheckStatus::fail;
                          });
    std::string text = printable(outcome::headline(outcome));
    if (!all_pass) return text;
    std::vector<std::string> names;
    for (const auto& check : checks)
        names.push_back(check.name);
    // One that was never called is no program of which all is known.
    if (names.empty() || std::find(names.begin(), names.end(), "run") != names.end())
        return text + ", all checks pass";
    return text + (names.size() == 1 ? ", check " + names.front() + " passes"
                                     : ", checks " + join(names, ", ") + " pass");
}

std::string waiver_line(const Judgement& judgement) {
    const auto& waiver = *judgement.waiver;
    return printable(std::string(verdict::info(waiver.instead_of).label) + ", waived " +
                     verdict::describe(waiver));
}

Mismatch mismatch_of(const Judgement& judgement, std::size_t most_lines, DiffCache& diffs) {
    Mismatch all;
    const auto& [expected, observed] = std::pair(judgement.expected, judgement.observed);
    if (judgement.waiver) all.waiver = waiver_line(judgement);
    if (expected) {
        all.expected = "expected: " + describe(*expected) + " (" + judgement.expectation + ")";
    } else if (!judgement.expectation.empty()) {
        all.expected = "expected: none, " + judgement.expectation;
    }
    all.observed = "observed: " + (observed ? describe(*observed) : std::string("nothing"));
    for (const auto& reason : judgement.reasons) {
        // The two lines above have said it.
        if (!is_another_ending(reason) && !std::holds_alternative<verdict::NothingExpected>(reason))
            all.reasons.push_back(words_of(reason));
    }
    if (!observed) return all;
    if (judgement.verdict == verdict::Verdict::case_error) {
        add_message(*observed, most_lines, all.details);
        return all;
    }
    if (!expected) add_failing_checks(*observed, all.reasons);
    if (expected && expected->status == observed->status) {
        add_diff(expected->text, observed->text, most_lines, diffs, all.details);
        // Where one of them has none, check decompose says why.
        if (expected->decomposed.empty() || observed->decomposed.empty() ||
            expected->decomposed == observed->decomposed)
            return all;
        all.details.emplace_back(document::line(std::string(decomposed_heading)));
        add_diff(expected->decomposed, observed->decomposed, most_lines, diffs, all.details);
    } else if (observed->status != Status::exported) {
        add_message(*observed, most_lines, all.details);
    }
    return all;
}

Document blocks_of(const Mismatch& explanation) {
    Paragraph lines;
    for (const auto* line : {&explanation.waiver, &explanation.expected, &explanation.observed}) {
        if (!line->empty()) lines.lines.push_back({{*line}});
    }
    Document blocks{std::move(lines)};
    if (!explanation.reasons.empty()) {
        blocks.emplace_back(
            document::List{document::items_of(explanation.reasons, "- ", document::unlimited, "")});
    }
    blocks.insert(blocks.end(), explanation.details.begin(), explanation.details.end());
    return blocks;
}

}  // namespace exportgate::report
