#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "report/cell_sets.h"
#include "report/explanation.h"
#include "report/not_compared.h"
#include "report/printable.h"
#include "report/saved_programs.h"
#include "report/upgrade_report.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using verdict::Upgrade;
using verdict::Verdict;

constexpr std::size_t most_shown_lines = 60;  // of a message or a diff
constexpr std::size_t most_shown_items = 8;   // of reasons, sets of cells, problems
constexpr std::size_t longest_shown_line = 400;
constexpr std::size_t room_for_the_note = 200;

/// What torch or a user's case wrote, short enough for a comment.
std::string shown(std::string_view text) {
    auto line = printable(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    if (line.size() <= longest_shown_line) return line;
    // A '-' or '+' in front would keep clipped() from cutting.
    return clipped(" " + line, longest_shown_line).substr(1);
}

std::size_t longest_run_of_backticks(std::string_view text) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

/// Literal text within a paragraph: no character of it means anything, be it HTML, a mention or a
/// backtick.
std::string code_span(std::string_view raw) {
    const auto text = shown(raw);
    if (text.empty()) return "";
    const std::string ticks(longest_run_of_backticks(text) + 1, '`');
    const std::string pad = text.starts_with('`') || text.ends_with('`') ? " " : "";
    return ticks + pad + text + pad + ticks;
}

/// Literal text within HTML.
std::string html(std::string_view raw) {
    std::string escaped;
    for (const char c : shown(raw)) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            default:
                escaped += c;
        }
    }
    return "<code>" + escaped + "</code>";
}

std::string fenced(const std::vector<std::string>& lines, std::string_view language) {
    if (lines.empty()) return "";
    std::string body;
    const auto count = lines.size() <= most_shown_lines + 1 ? lines.size() : most_shown_lines;
    for (std::size_t i = 0; i < count; ++i)
        body += shown(lines[i]) + '\n';
    if (count < lines.size()) body += fmt::format("... {} more lines\n", lines.size() - count);
    const std::string fence(std::max<std::size_t>(3, longest_run_of_backticks(body) + 1), '`');
    return fmt::format("\n{}{}\n{}{}\n", fence, language, body, fence);
}

std::string list(const std::vector<std::string>& items, std::string_view what) {
    std::string text;
    const auto count = items.size() <= most_shown_items + 1 ? items.size() : most_shown_items;
    for (std::size_t i = 0; i < count; ++i)
        text += "- " + code_span(items[i]) + '\n';
    if (count < items.size()) text += fmt::format("- ... {} more {}\n", items.size() - count, what);
    return text;
}

class Comment {
  public:
    Comment(const Upgrade& upgrade, std::size_t limit) : upgrade_(upgrade), limit_(limit) {
        for (const auto& judgement : upgrade.judged.judgements)
            all_.push_back(judgement.cell);
    }

    std::string text() {
        const auto groups = change_groups(upgrade_);
        text_ = "**" + shown(sentence(upgrade_, groups)) + "**\n\n";
        sides();
        table();
        errors(upgrade_.judged.problems, "Could not be judged:");
        errors(upgrade_.judged.failures, "Waivers that do not hold:");
        std::size_t brief = 0;
        std::size_t omitted = 0;
        const auto left = not_compared(upgrade_.judged.judgements);
        const auto tail = cosmetic() + programs() + (left.empty() ? "" : "\n" + left + ".\n");
        const auto reserved = tail.size() + room_for_the_note;
        for (const auto& group : groups) {
            if (omitted == 0 && add(details(group), reserved)) continue;
            ++(omitted == 0 && add(summary(group) + "</details>\n", reserved) ? brief : omitted);
        }
        text_ += tail;
        if (brief + omitted > 0) {
            text_ += fmt::format(
                "\nA comment has no room for all of it: {} without details, {} left out. "
                "`exportgate upgrade` prints everything.\n",
                counted(brief, "change"), counted(omitted, "change"));
        }
        return std::move(text_);
    }

  private:
    bool add(const std::string& piece, std::size_t reserved) {
        if (text_.size() + piece.size() + reserved > limit_) return false;
        text_ += piece;
        return true;
    }

    void sides() {
        const auto& before = upgrade_.before.environment;
        const auto& after = upgrade_.after.environment;
        text_ += fmt::format("torch {} to {}, Python {}, {}.\n", code_span(build_of(before)),
                             code_span(build_of(after)), code_span(after.python),
                             code_span(after.platform));
        const auto others = other_differences(upgrade_);
        if (!others.empty()) text_ += "Also different: " + code_span(join(others, ", ")) + ".\n";
    }

    static const std::string& build_of(const record::Environment& environment) {
        return environment.torch_build.empty() ? environment.torch : environment.torch_build;
    }

    void table() {
        text_ += "\n| cells | verdict |\n|---:|---|\n";
        const auto counts = verdict::counts(upgrade_.judged.judgements);
        for (auto entry = counts.rbegin(); entry != counts.rend(); ++entry)
            text_ +=
                fmt::format("| {} | {} |\n", entry->second, verdict::upgrade_label(entry->first));
        text_ += '\n';
    }

    void errors(const Errors& errors, std::string_view title) {
        if (errors.empty()) return;
        std::vector<std::string> lines;
        for (const auto& error : errors)
            lines.push_back(to_string(error));
        text_ += fmt::format("{}\n\n{}\n", title, list(lines, "of them"));
    }

    /// The part of a group that is seen while it is folded. Leaves <details> open.
    std::string summary(const ChangeGroup& group) {
        const auto sets = describe_across_cases(group.cells, all_);
        return fmt::format(
            "<details><summary><b>{}</b> {}{}: {}</summary>\n",
            verdict::upgrade_label(group.verdict), counted(group.cells.size(), "cell"),
            sets.size() == 1 ? ", " + html(sets.front()) : "", html(group.change.summary));
    }

    std::string details(const ChangeGroup& group) {
        const auto& change = group.change;
        std::string text = summary(group) + '\n';
        const auto sets = describe_across_cases(group.cells, all_);
        if (sets.size() > 1) text += list(sets, "sets of cells") + '\n';
        for (const auto& [side, outcome] : {std::pair(&upgrade_.before, &change.before),
                                            std::pair(&upgrade_.after, &change.after)}) {
            text += fmt::format("- {}: {}\n", code_span(side->name),
                                outcome->empty() ? "nothing" : code_span(*outcome));
        }
        text += list(change.reasons, "reasons");
        for (const auto& gain : group.gains)
            text += "- gained: " + code_span(gain) + '\n';
        text += fenced(change.message, "") + fenced(change.diff, "diff");
        if (!change.decomposed_diff.empty()) {
            text +=
                fmt::format("\n{}\n{}", decomposed_heading, fenced(change.decomposed_diff, "diff"));
        }
        const auto how = how_others_differ(group);
        const auto steps = steps_in_part(group);
        if (!how.empty() || !steps.empty()) {
            text += "\nShown: " + code_span(group.cells.front().name()) +
                    (how.empty() ? "" : "; " + how) + ".\n";
        }
        if (!steps.empty()) text += '\n' + list(steps, "steps");
        return text + "\n</details>\n";
    }

    std::string cosmetic() const {
        const auto* example = example_of_spelling(upgrade_);
        if (!example) return "";
        const auto& spelling = upgrade_.spellings.at(example->cell.name());
        return fmt::format(
            "\nCosmetic: the same outcome in another spelling, for example {} instead of {}.\n",
            code_span(spelling.after), code_span(spelling.before));
    }

    std::string programs() const {
        const auto part = programs_part(upgrade_);
        if (part.headline.empty()) return "";
        return fmt::format("\nPrograms: {}.\n{}{}", part.headline, part.details.empty() ? "" : "\n",
                           list(part.details, "sets of cells"));
    }

    const Upgrade& upgrade_;
    std::size_t limit_;
    std::vector<matrix::Cell> all_;
    std::string text_;
};

}  // namespace

std::string upgrade_markdown(const Upgrade& upgrade, std::size_t limit) {
    return Comment(upgrade, limit).text();
}

}  // namespace exportgate::report
