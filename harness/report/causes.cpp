#include "report/causes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.h"
#include "catalogue/entry_text.h"
#include "document/console.h"
#include "report/cell_sets.h"
#include "report/draft.h"
#include "report/json_parts.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using catalogue::Catalogue;
using catalogue::Entry;
using catalogue::Explanation;
using catalogue::Finding;
using document::Document;
using document::Fold;
using document::Gap;
using document::List;
using document::Paragraph;

constexpr std::size_t widest = 100;
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

void add_seen(const Met& met, List& list) {
    for (std::size_t i = 0; i < std::min(met.lines.size(), most_seen_lines); ++i) {
        std::string line = printable(met.lines[i]);
        if (line.size() > most_seen_bytes) line = line.substr(0, most_seen_bytes) + "...";
        list.items.push_back(catalogue::labelled(i == 0 ? "seen" : "", std::move(line)));
    }
    if (met.lines.size() > most_seen_lines) {
        list.items.push_back(catalogue::labelled(
            "", fmt::format("... and {} more", met.lines.size() - most_seen_lines)));
    }
}

/// `is_told`: above, in full; its title is enough.
Fold entry_fold(const Met& met, bool is_told) {
    List list;
    list.wraps = true;
    add_seen(met, list);
    if (is_told) {
        list.items.push_back(catalogue::labelled("", "(as above)"));
    } else {
        for (auto& item : catalogue::body(*met.entry))
            list.items.push_back(std::move(item));
        std::string names;
        for (const Entry* other : met.others)
            names += (names.empty() ? "" : ", ") + other->id;
        if (!names.empty())
            list.items.push_back(catalogue::labelled("see also", "exportgate explain: " + names));
    }
    return {{document::strong(met.entry->id)},
            {document::words(met.entry->title), std::move(list)}};
}

Fold unknown_fold(const Answer& answer, const matrix::Cell& cell) {
    List list;
    list.wraps = true;
    for (const Finding& finding : answer.unknown) {
        const std::string line = finding.lines.empty() ? "" : finding.lines.front();
        list.items.push_back(catalogue::labelled(
            &finding == &answer.unknown.front() ? "seen" : "",
            finding.place == catalogue::Place::check ? line_of(finding, line) : line));
    }
    return {
        {document::strong("unknown"),
         {std::string("  No reason that was met before explains ") +
          (answer.met.empty() ? "this" : "the rest")}},
        {std::move(list), Paragraph{{{{"`exportgate show " + in_command(cell) + "`"}},
                                     {{"prints all of it, which makes a good report: an entry of "
                                       "harness/catalogue/entries helps the"}},
                                     {{"next one who meets it."}}}}}};
}

/// How torch itself is asked about the rejected cell; empty where it cannot be.
std::string draft_command(const Questioned& cell) {
    for (const Finding& finding : cell.seen.findings) {
        if (finding.place == catalogue::Place::rejected)
            return report::draft_command(cell.seen.cell, finding.where);
    }
    return "";
}

Fold title_of(const std::vector<const Questioned*>& group, const std::vector<matrix::Cell>& all) {
    const std::string& headline = group.front()->headline;
    if (group.size() == 1)
        return {{document::strong(group.front()->seen.cell.name()), {": " + headline}}, {}};
    std::vector<matrix::Cell> cells;
    for (const Questioned* one : group)
        cells.push_back(one->seen.cell);
    return {{document::strong(fmt::format("{} cells", cells.size())), {", the first: " + headline}},
            {List{document::plain_items(describe_across_cases(cells, all))}}};
}

/// Cells that have met the same.
struct Set {
    Answer answer;
    std::vector<const Questioned*> cells;
};

std::vector<Set> sets_of(std::span<const Questioned> cells, const Catalogue& catalogue) {
    std::vector<Set> sets;
    for (const Questioned& cell : cells) {
        if (cell.seen.findings.empty()) continue;
        Answer one = answer(cell, catalogue);
        auto same = std::find_if(sets.begin(), sets.end(),
                                 [&](const Set& other) { return one.asks_the_same(other.answer); });
        if (same == sets.end()) same = sets.insert(same, Set{std::move(one), {}});
        same->cells.push_back(&cell);
    }
    return sets;
}

/// What torch itself says; where it was not asked, how to ask it.
void add_draft(const Set& set, Document& document) {
    const Questioned& cell = *set.cells.front();
    const std::string command = draft_command(cell);
    if (!cell.draft && command.empty()) return;
    document.emplace_back(Gap{});
    document.emplace_back(
        cell.draft ? draft_fold(*cell.draft, cell.seen.cell, set.cells.size() - 1)
                   : Fold{{{"What torch says would have to change"}}, {document::line(command)}});
}

bool is_expected(const verdict::Judgement& judgement, const Finding& finding) {
    if (!judgement.expected) return false;
    const auto known = catalogue::findings(*judgement.expected);
    return std::find(known.begin(), known.end(), finding) != known.end();
}

}  // namespace

std::vector<std::size_t> first_of_each_set(std::span<const Questioned> cells,
                                           const Catalogue& catalogue) {
    std::vector<std::size_t> found;
    for (const Set& set : sets_of(cells, catalogue))
        found.push_back(static_cast<std::size_t>(set.cells.front() - cells.data()));
    return found;
}

std::string why(std::span<const Questioned> cells, const Catalogue& catalogue,
                const ConsoleStyle& style) {
    std::vector<matrix::Cell> all;
    for (const Questioned& cell : cells)
        all.push_back(cell.seen.cell);
    const std::vector<Set> sets = sets_of(cells, catalogue);
    const auto good = static_cast<std::size_t>(
        std::count_if(cells.begin(), cells.end(),
                      [](const Questioned& cell) { return cell.seen.findings.empty(); }));
    Document document;
    std::vector<const Entry*> told;  // in full: the next time its title is enough
    for (const Set& set : sets) {
        if (&set != &sets.front()) document.emplace_back(Gap{});
        document.emplace_back(title_of(set.cells, all));
        for (const Met& met : set.answer.met) {
            const bool is_told = std::find(told.begin(), told.end(), met.entry) != told.end();
            document.emplace_back(Gap{});
            document.emplace_back(entry_fold(met, is_told));
            if (!is_told) told.push_back(met.entry);
        }
        if (!set.answer.unknown.empty()) {
            document.emplace_back(Gap{});
            document.emplace_back(unknown_fold(set.answer, set.cells.front()->seen.cell));
        }
        add_draft(set, document);
    }
    if (good > 0) {
        const std::string others = sets.empty() ? "" : " other";
        if (!sets.empty()) document.emplace_back(Gap{});
        document.emplace_back(document::line(
            fmt::format("{}{} cell{}: exported, all checks pass. Nothing to explain.", good, others,
                        good == 1 ? "" : "s")));
    }
    return document::console(document, {style.colour, std::min(style.width, widest)});
}

std::string why_json(std::span<const Questioned> cells, const Catalogue& catalogue,
                     const std::string& source) {
    Json all{{"format", 1}, {"source", source}, {"cells", Json::array()}};
    for (const Questioned& cell : cells) {
        const Answer known = answer(cell, catalogue);
        Json json{{"cell", cell.seen.cell.name()},
                  {"headline", cell.headline},
                  {"met", Json::array()},
                  {"unknown", Json::array()}};
        for (const Met& met : known.met) {
            json["met"].push_back({{"id", met.entry->id},
                                   {"title", met.entry->title},
                                   {"lines", met.lines},
                                   {"links", met.entry->links}});
        }
        for (const Finding& finding : known.unknown)
            json["unknown"].push_back(
                line_of(finding, finding.lines.empty() ? "" : finding.lines.front()));
        if (cell.draft) json["draft"] = draft_json(*cell.draft);
        all["cells"].push_back(std::move(json));
    }
    return all.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
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
