#include "report/why.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalogue/entry_text.h"
#include "report/cell_sets.h"
#include "report/paint.h"
#include "report/printable.h"

namespace exportgate::report {
namespace {

using catalogue::Catalogue;
using catalogue::Entry;
using catalogue::Explanation;
using catalogue::Finding;

constexpr std::size_t widest = 100;
constexpr std::size_t indent = 2;
constexpr std::size_t most_seen_lines = 3;
constexpr std::size_t most_seen_bytes = 300;

/// An entry with the lines of one cell by which it was recognised.
struct Met {
    const Entry* entry = nullptr;
    std::vector<std::string> lines;    // "check dims: x dim 0: ..."
    std::vector<const Entry*> others;  // that explain the same, in more general words
};

/// What one cell has met: entries in the order of its findings, then findings without one.
struct Answer {
    std::vector<Met> met;
    std::vector<Finding> unknown;

    /// The same for cells that share a block.
    bool asks_the_same(const Answer& other) const {
        return std::equal(met.begin(), met.end(), other.met.begin(), other.met.end(),
                          [](const Met& a, const Met& b) {
                              return a.entry == b.entry && a.others == b.others;
                          }) &&
               unknown == other.unknown;
    }
};

std::string line_of(const Finding& finding, const std::string& line) {
    if (finding.place != catalogue::Place::check) return line;
    return catalogue::headline(finding) + ": " + line;
}

Answer answer(const Questioned& cell, const Catalogue& catalogue) {
    Answer all;
    for (const Finding& finding : cell.seen.findings) {
        const auto found = catalogue::explanations(catalogue, finding, cell.seen);
        if (found.empty()) {
            all.unknown.push_back(finding);
            continue;
        }
        const Entry* entry = found.front().entry;
        auto met = std::find_if(all.met.begin(), all.met.end(),
                                [&](const Met& one) { return one.entry == entry; });
        if (met == all.met.end()) met = all.met.insert(met, Met{entry, {}, {}});
        met->lines.push_back(line_of(finding, found.front().line));
        for (const Explanation& other : std::span(found).subspan(1)) {
            if (std::find(met->others.begin(), met->others.end(), other.entry) == met->others.end())
                met->others.push_back(other.entry);
        }
    }
    return all;
}

std::string seen_lines(const Met& met, std::size_t width) {
    std::string text;
    for (std::size_t i = 0; i < std::min(met.lines.size(), most_seen_lines); ++i) {
        std::string line = printable(met.lines[i]);
        if (line.size() > most_seen_bytes) line = line.substr(0, most_seen_bytes) + "...";
        text += catalogue::labelled(i == 0 ? "seen" : "", line, indent, width);
    }
    if (met.lines.size() > most_seen_lines) {
        text += catalogue::labelled(
            "", fmt::format("... and {} more", met.lines.size() - most_seen_lines), indent, width);
    }
    return text;
}

std::string others_line(const Met& met, std::size_t width) {
    std::string names;
    for (const Entry* other : met.others)
        names += (names.empty() ? "" : ", ") + other->id;
    return names.empty()
               ? ""
               : catalogue::labelled("see also", "exportgate explain: " + names, indent, width);
}

std::string unknown_part(const Answer& answer, const std::string& cell, std::size_t width,
                         const Paint& paint) {
    if (answer.unknown.empty()) return "";
    std::string text = "\n" + paint.bold("unknown") + "  No reason that was met before explains " +
                       (answer.met.empty() ? "this\n" : "the rest\n");
    for (const Finding& finding : answer.unknown) {
        const std::string line = finding.lines.empty() ? "" : finding.lines.front();
        text += catalogue::labelled(
            &finding == &answer.unknown.front() ? "seen" : "",
            printable(finding.place == catalogue::Place::check ? line_of(finding, line) : line),
            indent, width);
    }
    return text + fmt::format(
                      "  `exportgate show {}`\n  prints all of it, which makes a good "
                      "report: an entry of harness/catalogue/entries helps the\n  next one "
                      "who meets it.\n",
                      cell);
}

std::string title_of(const std::vector<const Questioned*>& group,
                     const std::vector<matrix::Cell>& all, const Paint& paint) {
    const std::string headline = printable(group.front()->headline);
    if (group.size() == 1)
        return paint.bold(group.front()->seen.cell.name()) + ": " + headline + "\n";
    std::vector<matrix::Cell> cells;
    for (const Questioned* one : group)
        cells.push_back(one->seen.cell);
    const auto sets = describe_across_cases(cells, all);
    std::string text =
        paint.bold(fmt::format("{} cells", cells.size())) + ", the first: " + headline + "\n";
    for (const std::string& set : sets)
        text += "  " + set + "\n";
    return text;
}

bool is_expected(const verdict::Judgement& judgement, const Finding& finding) {
    if (!judgement.expected) return false;
    const auto known = catalogue::findings(*judgement.expected);
    return std::find(known.begin(), known.end(), finding) != known.end();
}

}  // namespace

std::string why(std::span<const Questioned> cells, const Catalogue& catalogue,
                const ConsoleStyle& style) {
    const Paint paint(style.colour);
    const std::size_t width = std::min(style.width, widest);
    std::vector<matrix::Cell> all;
    std::vector<Answer> answers;
    std::vector<std::vector<const Questioned*>> groups;
    std::size_t good = 0;
    for (const Questioned& cell : cells) {
        all.push_back(cell.seen.cell);
        if (cell.seen.findings.empty()) {
            ++good;
            continue;
        }
        Answer one = answer(cell, catalogue);
        const auto same = std::find_if(answers.begin(), answers.end(), [&](const Answer& other) {
            return one.asks_the_same(other);
        });
        const auto at = static_cast<std::size_t>(same - answers.begin());
        if (same == answers.end()) {
            answers.push_back(std::move(one));
            groups.emplace_back();
        }
        groups[at].push_back(&cell);
    }
    std::string text;
    std::vector<const Entry*> told;  // in full: the next time its title is enough
    for (std::size_t i = 0; i < groups.size(); ++i) {
        text += (text.empty() ? "" : "\n") + title_of(groups[i], all, paint);
        for (const Met& met : answers[i].met) {
            text += "\n" + paint.bold(met.entry->id) + "\n" +
                    catalogue::indented(met.entry->title, indent, width);
            text += seen_lines(met, width);
            if (std::find(told.begin(), told.end(), met.entry) != told.end()) {
                text += catalogue::labelled("", "(as above)", indent, width);
                continue;
            }
            told.push_back(met.entry);
            text += catalogue::body(*met.entry, indent, width) + others_line(met, width);
        }
        text += unknown_part(answers[i], groups[i].front()->seen.cell.name(), width, paint);
    }
    if (good == 0) return text;
    if (!text.empty()) text += "\n";
    const std::string others = text.empty() ? "" : " other";
    return text +
           (good == 1 ? fmt::format("1{} cell: ", others)
                      : fmt::format("{}{} cells: ", good, others)) +
           "exported, all checks pass. Nothing to explain.\n";
}

std::string new_reason(const verdict::Judgement& judgement, const TorchVersion& torch,
                       const Catalogue& catalogue) {
    if (!judgement.observed) return "";
    const catalogue::Seen seen{judgement.cell, torch, catalogue::findings(*judgement.observed)};
    for (const Finding& finding : seen.findings) {
        if (is_expected(judgement, finding)) continue;
        const auto found = catalogue::explanations(catalogue, finding, seen);
        if (!found.empty()) return found.front().entry->id;
    }
    return "";
}

}  // namespace exportgate::report
