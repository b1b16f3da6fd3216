#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "report/cell_sets.h"
#include "report/explanation.h"
#include "report/failing_checks.h"
#include "report/matrix_table.h"
#include "report/not_compared.h"
#include "report/paint.h"
#include "report/printable.h"
#include "report/report.h"
#include "report/summary.h"
#include "report/why.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using verdict::Judged;
using verdict::Judgement;
using verdict::Verdict;

constexpr std::size_t most_diff_lines = 40;
constexpr std::size_t most_message_lines_of_new = 3;  // a first recording has 64 of them
constexpr std::size_t most_lines_of_waived = 8;       // known, and seen in every run
constexpr std::size_t most_paragraphs =
    15;  // in full; the others keep their title and first reason
constexpr std::size_t most_set_lines = 8;
constexpr std::size_t most_patterns = 4;
constexpr std::string_view difference_indent = "    ";

/// Worst first, but what could not be judged before all: it may hide anything.
constexpr std::array shown_order{Verdict::unobserved, Verdict::case_error, Verdict::regressed,
                                 Verdict::changed,    Verdict::new_,       Verdict::improved,
                                 Verdict::waived};

bool is_difference(const std::string& line) {
    return line.starts_with("  ");
}

/// Cells with one verdict and one explanation.
struct Group {
    Verdict verdict{};
    std::vector<std::string> lines;
    std::vector<matrix::Cell> cells;
    std::string reason;  // the id of what explains it in the catalogue; may be empty
};

/// Of what is to be looked into: what improved, or is waived, asks no question.
std::string reason_of(const Judgement& judgement, const std::string& torch) {
    if (judgement.verdict != Verdict::regressed && judgement.verdict != Verdict::changed &&
        judgement.verdict != Verdict::new_ && judgement.verdict != Verdict::case_error)
        return "";
    const auto release = TorchVersion::parse(torch);
    return release ? new_reason(judgement, *release, catalogue::shipped()) : "";
}

std::size_t most_lines_of(Verdict verdict) {
    if (verdict == Verdict::new_) return most_message_lines_of_new;
    return verdict == Verdict::waived ? most_lines_of_waived : most_diff_lines;
}

std::vector<Group> groups_of(const Judged& judged) {
    std::vector<Group> groups;
    DiffCache diffs;
    for (const auto verdict : shown_order) {
        std::map<std::vector<std::string>, std::size_t> places;
        const auto limit = most_lines_of(verdict);
        for (const auto& judgement : judged.judgements) {
            if (judgement.verdict != verdict) continue;
            auto lines = explain(judgement, limit, diffs);
            const auto [place, is_new] = places.emplace(lines, groups.size());
            if (is_new) {
                groups.push_back({verdict,
                                  std::move(lines),
                                  {},
                                  reason_of(judgement, judged.environment.torch)});
            }
            groups[place->second].cells.push_back(judgement.cell);
        }
    }
    return groups;
}

std::vector<matrix::Cell> cells_of(std::span<const Judgement> judgements) {
    std::vector<matrix::Cell> cells;
    for (const auto& judgement : judgements)
        cells.push_back(judgement.cell);
    return cells;
}

std::string title(const Group& group, std::span<const matrix::Cell> all, const Paint& paint) {
    const std::string word =
        paint.of(group.verdict, upper_case(verdict::info(group.verdict).label));
    const auto count = group.cells.size();
    if (count == 1) return word + "  " + paint.bold(group.cells.front().name()) + "\n";
    const auto sets = describe_across_cases(group.cells, all);
    std::string text = word + "  " +
                       paint.bold(std::to_string(count) + " cells" +
                                  (sets.size() == 1 ? ": " + sets.front() : "")) +
                       "\n";
    if (sets.size() == 1) return text;
    const std::size_t shown = sets.size() <= most_set_lines + 1 ? sets.size() : most_set_lines;
    for (std::size_t i = 0; i < shown; ++i)
        text += "  " + sets[i] + "\n";
    if (shown < sets.size())
        text += "  ... and " + std::to_string(sets.size() - shown) + " more sets of cells\n";
    return text;
}

std::string body(const Group& group, std::size_t width, const Paint& paint) {
    const std::string cell = group.cells.front().name();
    std::string text;
    for (const auto& line : group.lines) {
        if (is_difference(line)) {
            text += difference_indent;
            const auto room = width - std::min(width, difference_indent.size());
            text += paint.diff_line(clipped(std::string_view(line).substr(2), room));
        } else {
            text += "  " + line;
        }
        text += '\n';
    }
    text += "  show more: exportgate show " + cell + "\n";
    if (group.reason.empty()) return text;
    return text + "  why: exportgate explain " + cell + "  (" + group.reason + ")\n";
}

std::string brief(const std::vector<std::string>& lines) {
    const auto reason = std::find_if(lines.begin(), lines.end(),
                                     [](const auto& line) { return line.starts_with("- "); });
    const auto observed = std::find_if(lines.begin(), lines.end(), [](const auto& line) {
        return line.starts_with("observed: ");
    });
    const auto line = reason != lines.end() ? reason : observed;
    return line == lines.end() ? "" : fmt::format("  {}\n", *line);
}

std::string paragraphs(const Judged& judged, std::span<const matrix::Cell> all, std::size_t width,
                       const Paint& paint) {
    std::string text;
    const auto groups = groups_of(judged);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (i == most_paragraphs) {
            text += fmt::format(
                "\n{} further differences in brief, `exportgate show CELL` shows each:\n",
                groups.size() - i);
        }
        const auto& group = groups[i];
        const std::string head = title(group, all, paint);
        text += i < most_paragraphs ? "\n" + head + body(group, width, paint)
                                    : head + brief(group.lines);
    }
    return text;
}

std::string accept_command(std::span<const matrix::Cell> cells, std::span<const matrix::Cell> all) {
    const auto globs = patterns(cells, all, most_patterns);
    std::string command = "exportgate accept";
    if (globs.empty()) command += " CELL...";
    for (const auto& glob : globs)
        command += glob.find('*') == std::string::npos ? " " + glob : " '" + glob + "'";
    return command + " --why \"...\"";
}

/// New and improved outcomes wait for a person; what regressed is offered too, but said to be a
/// decision.
std::string what_to_do(const Judged& judged, std::span<const matrix::Cell> all,
                       const std::string& nothing_to_accept) {
    std::vector<matrix::Cell> welcome;
    std::vector<matrix::Cell> doubtful;
    for (const auto& judgement : judged.judgements) {
        if (judgement.verdict == Verdict::new_ || judgement.verdict == Verdict::improved)
            welcome.push_back(judgement.cell);
        if (judgement.verdict == Verdict::changed || judgement.verdict == Verdict::regressed)
            doubtful.push_back(judgement.cell);
    }
    if (welcome.empty() && doubtful.empty()) return "";
    if (!nothing_to_accept.empty()) return "\n" + nothing_to_accept + "\n";
    std::string text;
    if (!welcome.empty())
        text += fmt::format("If what is new or improved is right:   {}\n",
                            accept_command(welcome, all));
    if (!doubtful.empty())
        text += fmt::format("If what changed or regressed is meant: {}\n",
                            accept_command(doubtful, all));
    return "\n" + text;
}

std::string errors_text(const Errors& errors, const std::string& word) {
    std::string text;
    for (const auto& error : errors)
        text += word + "  " + printable(to_string(error)) + "\n";
    return text.empty() ? text : "\n" + text;
}

std::string closing_sentence(const Judged& judged, const Paint& paint) {
    const auto count = judged.judgements.size();
    std::string text = std::to_string(count) + (count == 1 ? " cell" : " cells") + " on torch " +
                       printable(judged.environment.torch) + ": ";
    text += counts_text(judged, paint);
    text += ". ";
    if (judged.exit_code == 0) return text + paint.good("PASSED") + "\n";
    return text + paint.bad(judged.exit_code == 1 ? "FAILED" : "COULD NOT BE JUDGED") + "\n";
}

}  // namespace

std::string paragraph(const Judgement& judgement, const ConsoleStyle& style) {
    const Paint paint(style.colour);
    DiffCache diffs;
    const Group group{
        judgement.verdict, explain(judgement, unlimited, diffs), {judgement.cell}, ""};
    std::string text = title(group, group.cells, paint) + body(group, unlimited, paint);
    if (const auto places = verdict::places_of(judgement.reasons);
        !places.empty() && !judgement.waiver) {
        text += fmt::format("  a waiver of it: differs = [\"{}\"]\n",
                            printable(join(std::vector(places.begin(), places.end()), "\", \"")));
    }
    if (judgement.verdict == Verdict::new_)
        text += fmt::format("  if it is right: {}\n", accept_command(group.cells, group.cells));
    return text;
}

std::string console(const Judged& judged, const ConsoleStyle& style) {
    const Paint paint(style.colour);
    const auto all = cells_of(judged.judgements);
    std::string text = matrix_table(judged.judgements, style.width, paint);
    if (const auto failing = failing_checks(judged.judgements, style.width, paint);
        !failing.empty())
        text += "\n" + failing;
    text += paragraphs(judged, all, style.width, paint);
    text += errors_text(judged.failures, paint.bad("FAILS"));
    text += errors_text(judged.problems, paint.bad("COULD NOT BE JUDGED"));
    if (const auto line = not_compared_with_goldens(judged.judgements); !line.empty())
        text += "\n" + line + "\n";
    text += what_to_do(judged, all, style.nothing_to_accept);
    return text + "\n" + closing_sentence(judged, paint);
}

}  // namespace exportgate::report
