#include "document/console.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/printable.h"
#include "base/text.h"
#include "report/causes.h"
#include "report/cell_sets.h"
#include "report/failing_checks.h"
#include "report/matrix_table.h"
#include "report/mismatch.h"
#include "report/not_compared.h"
#include "report/paint.h"
#include "report/report.h"
#include "report/summary.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using document::Document;
using document::Fold;
using document::Gap;
using document::Paragraph;
using document::Style;
using document::Text;
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

/// Worst first, but what could not be judged before all: it may hide anything.
constexpr std::array shown_order{Verdict::unobserved, Verdict::case_error, Verdict::regressed,
                                 Verdict::changed,    Verdict::new_,       Verdict::improved,
                                 Verdict::waived};

/// Cells with one verdict and one explanation.
struct Group {
    Verdict verdict{};
    Mismatch explanation;
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

std::vector<Group> groups_of(const Judged& judged, bool cuts) {
    std::vector<Group> groups;
    DiffCache diffs;
    for (const auto verdict : shown_order) {
        std::map<std::string, std::size_t> places;  // by all that the explanation says
        const auto limit = most_lines_of(verdict);
        for (const auto& judgement : judged.judgements) {
            if (judgement.verdict != verdict) continue;
            auto explanation = mismatch_of(judgement, limit, diffs);
            const auto said =
                document::console(blocks_of(explanation), {false, document::unlimited, cuts});
            const auto [place, is_new] = places.emplace(said, groups.size());
            if (is_new) {
                groups.push_back({verdict,
                                  std::move(explanation),
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

/// The title alone.
Fold brief(const Group& group, std::span<const matrix::Cell> all) {
    const document::Run word{upper_case(verdict::info(group.verdict).label),
                             style_of(group.verdict)};
    const auto count = group.cells.size();
    if (count == 1) return {{word, {"  "}, document::strong(group.cells.front().name())}, {}};
    const auto sets = describe_across_cases(group.cells, all);
    const auto cells = std::to_string(count) + " cells";
    if (sets.size() == 1)
        return {{word, {"  "}, document::strong(cells + ": " + sets.front())}, {}};
    Paragraph lines;
    const auto shown = document::shown_of(sets.size(), most_set_lines);
    for (std::size_t i = 0; i < shown; ++i)
        lines.lines.push_back({{sets[i]}});
    if (shown < sets.size())
        lines.lines.push_back(
            {{fmt::format("... and {} more sets of cells", sets.size() - shown)}});
    return {{word, {"  "}, document::strong(cells)}, {std::move(lines)}};
}

Fold fold_of(const Group& group, std::span<const matrix::Cell> all) {
    const std::string cell = in_command(group.cells.front());
    Fold fold = brief(group, all);
    document::add(fold.blocks, blocks_of(group.explanation));
    fold.blocks.emplace_back(document::line("show more: exportgate show " + cell));
    if (!group.reason.empty())
        fold.blocks.emplace_back(
            document::line(fmt::format("why: exportgate explain {}  ({})", cell, group.reason)));
    return fold;
}

void add_groups(const Judged& judged, std::span<const matrix::Cell> all, bool cuts,
                Document& document) {
    const auto groups = groups_of(judged, cuts);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (i <= most_paragraphs) document.emplace_back(Gap{});
        if (i == most_paragraphs) {
            document.emplace_back(document::line(
                fmt::format("{} further differences in brief, `exportgate show CELL` shows each:",
                            groups.size() - i)));
        }
        if (i < most_paragraphs) {
            document.emplace_back(fold_of(groups[i], all));
            continue;
        }
        Fold fold = brief(groups[i], all);
        const auto& [waiver, expected, observed, reasons, details] = groups[i].explanation;
        fold.blocks.emplace_back(
            document::line(reasons.empty() ? observed : "- " + reasons.front()));
        document.emplace_back(std::move(fold));
    }
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
Paragraph what_to_do(const Judged& judged, std::span<const matrix::Cell> all,
                     const std::string& nothing_to_accept) {
    std::vector<matrix::Cell> welcome;
    std::vector<matrix::Cell> doubtful;
    for (const auto& judgement : judged.judgements) {
        if (judgement.verdict == Verdict::new_ || judgement.verdict == Verdict::improved)
            welcome.push_back(judgement.cell);
        if (judgement.verdict == Verdict::changed || judgement.verdict == Verdict::regressed)
            doubtful.push_back(judgement.cell);
    }
    if (welcome.empty() && doubtful.empty()) return {};
    if (!nothing_to_accept.empty()) return document::line(nothing_to_accept);
    Paragraph lines;
    if (!welcome.empty()) {
        lines.lines.push_back(
            {{"If what is new or improved is right:   " + accept_command(welcome, all)}});
    }
    if (!doubtful.empty()) {
        lines.lines.push_back(
            {{"If what changed or regressed is meant: " + accept_command(doubtful, all)}});
    }
    return lines;
}

Paragraph errors_lines(const Errors& errors, const std::string& word) {
    Paragraph lines;
    for (const auto& error : errors)
        lines.lines.push_back({{word, Style::bad}, {"  " + to_string(error)}});
    return lines;
}

Paragraph closing_sentence(const Judged& judged) {
    const auto count = judged.judgements.size();
    Text text{{counted(count, "cell") + " on torch " + judged.environment.torch + ": "}};
    const Text counts = counts_text(judged);
    text.insert(text.end(), counts.begin(), counts.end());
    text.push_back({". "});
    text.push_back(verdict_word(judged.exit_code));
    return {{std::move(text)}};
}

/// Below an empty line, where there is something to say.
void add_below(Paragraph lines, Document& document) {
    if (lines.lines.empty()) return;
    document.emplace_back(Gap{});
    document.emplace_back(std::move(lines));
}

}  // namespace

std::string paragraph(const Judgement& judgement, const ConsoleStyle& style) {
    DiffCache diffs;
    const Group group{judgement.verdict,
                      mismatch_of(judgement, document::unlimited, diffs),
                      {judgement.cell},
                      ""};
    Fold fold = fold_of(group, group.cells);
    if (const auto places = verdict::places_of(judgement.reasons);
        !places.empty() && !judgement.waiver) {
        const std::vector<std::string> names(places.begin(), places.end());
        fold.blocks.emplace_back(document::line(
            fmt::format("a waiver of it: differs = [\"{}\"]", join(names, "\", \""))));
    }
    if (judgement.verdict == Verdict::new_)
        fold.blocks.emplace_back(
            document::line("if it is right: " + accept_command(group.cells, group.cells)));
    return document::console({std::move(fold)}, {style.colour, style.width, style.cuts});
}

std::string console(const Judged& judged, const ConsoleStyle& style) {
    const auto all = cells_of(judged.judgements);
    Document document = matrix_table(judged.judgements, style.width);
    if (auto failing = failing_checks(judged.judgements, style.width); !failing.empty()) {
        document.emplace_back(Gap{});
        document::add(document, std::move(failing));
    }
    add_groups(judged, all, style.cuts, document);
    add_below(errors_lines(judged.failures, "FAILS"), document);
    add_below(errors_lines(judged.problems, "COULD NOT BE JUDGED"), document);
    if (const auto left = not_compared_with_goldens(judged.judgements); !left.empty())
        add_below(document::line(left), document);
    add_below(what_to_do(judged, all, style.nothing_to_accept), document);
    add_below(closing_sentence(judged), document);
    return document::console(document, {style.colour, style.width, style.cuts});
}

}  // namespace exportgate::report
