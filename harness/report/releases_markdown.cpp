#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "document/markdown.h"
#include "report/releases_page.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using document::Document;
using document::Heading;
using document::Item;
using document::List;
using document::literal;
using document::Paragraph;
using document::Style;
using document::Table;
using document::Text;

constexpr std::size_t most_sets_of_reason = 8;
constexpr std::string_view no_break_space = "\u00a0";

Style style_if(bool is_other) {
    return is_other ? Style::strong : Style::plain;
}

/// Strong where it is other than in the release before.
document::Cell entry_cell(const TableEntry& entry) {
    Text text{{symbol(entry), style_if(entry.change != verdict::Verdict::as_expected)}};
    if (entry.note > 0) text.push_back({fmt::format("{}[{}]", no_break_space, entry.note)});
    return {std::move(text)};
}

bool has_other_entry(const ReleasesTable& table) {
    const auto in_row = [](const ReleasesRow& row) {
        return std::any_of(row.entries.begin(), row.entries.end(), [](const auto& entry) {
            return entry.change != verdict::Verdict::as_expected;
        });
    };
    return std::any_of(table.blocks.begin(), table.blocks.end(), [&](const auto& block) {
        return std::any_of(block.rows.begin(), block.rows.end(), in_row);
    });
}

List legend_list(const ReleasesTable& table) {
    List list{document::plain_items(legend(table))};
    if (has_other_entry(table)) {
        list.items.push_back(
            {{document::strong("bold"), {": other than in the release before, or not known"}}});
    }
    return list;
}

document::Cell label(const ReleasesRow& row, std::size_t part) {
    document::Cell lines;
    for (const auto& set : row.cells)
        lines.push_back({{join(set.parts[part], ", ")}});
    return lines;
}

/// Of one case a paragraph, of several a list.
void add_summaries(const std::vector<const TableBlock*>& alike, Document& document) {
    List list;
    for (const auto* block : alike) {
        if (block->summary.empty()) continue;
        if (alike.size() == 1) return document.emplace_back(document::line(block->summary)), void();
        list.items.push_back({{{block->case_name + ": " + block->summary}}});
    }
    if (!list.items.empty()) document.emplace_back(std::move(list));
}

Table block_table(const ReleasesTable& table, const TableBlock& block) {
    Table made;
    for (const auto part : block.labels)
        made.columns.push_back({{{block.part_name(part)}}});
    for (const auto& column : block.columns)
        made.columns.push_back({{{heading(table, column)}}});
    for (const auto& row : block.rows) {
        auto& cells = made.rows.emplace_back();
        for (const auto part : block.labels)
            cells.push_back(label(row, part));
        for (const auto& entry : row.entries)
            cells.push_back(entry_cell(entry));
    }
    return made;
}

void add_blocks(const ReleasesTable& table, Document& document) {
    for (const auto& alike : blocks_alike(table)) {
        const TableBlock& block = *alike.front();
        std::vector<std::string> names;
        for (const auto* each : alike)
            names.push_back(each->case_name);
        document.emplace_back(Heading{2, {{join(names, ", ")}}});
        add_summaries(alike, document);
        document.emplace_back(block_table(table, block));
        if (!block.every_row.empty())
            document.emplace_back(
                document::line("In each row: " + join(block.every_row, ", ") + "."));
        if (!block.stars.empty()) {
            document.emplace_back(
                Paragraph{{{literal("*"), {" is " + join(block.stars, ", ") + "."}}}});
        }
    }
}

Item reason_item(const ReleasesTable& table, const FailingReason& reason) {
    Item item{{{reason.what}}};
    if (!reason.place.empty()) item.text.push_back({", for example of " + reason.place});
    for (const auto& where : reason.where) {
        Text text{
            {fmt::format("{}: {}", heading(table, where.releases), counted(where.count, "cell"))}};
        const auto shown = document::shown_of(where.cells.size(), most_sets_of_reason);
        for (std::size_t i = 0; i < shown; ++i) {
            text.push_back({", "});
            text.push_back(literal(where.cells[i]));
        }
        if (shown < where.cells.size())
            text.push_back({fmt::format(" and {} more", where.cells.size() - shown)});
        item.items.push_back({std::move(text)});
    }
    return item;
}

/// Strong where they are other than in the release before.
std::vector<document::Cell> texts(document::Run first, const std::vector<std::string>& values) {
    std::vector<document::Cell> cells{{{std::move(first)}}};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool other = i > 0 && !values[i].empty() && values[i] != values[i - 1];
        cells.push_back({{{values[i], style_if(other)}}});
    }
    return cells;
}

std::vector<std::string> counts_of(const CheckRow& row) {
    std::vector<std::string> all;
    for (std::size_t release = 0; release < row.failing.size(); ++release)
        all.push_back(count_text(row, release));
    return all;
}

std::vector<std::string> texts_of(const std::vector<std::size_t>& numbers) {
    std::vector<std::string> all;
    for (const auto number : numbers)
        all.push_back(std::to_string(number));
    return all;
}

void add_checks(const ReleasesTable& table, Document& document) {
    if (table.checks.rows.empty()) return;
    document.emplace_back(Heading{2, {{"Checks"}}});
    document.emplace_back(
        Paragraph{{{{"Of the cells that exported, how many fail each check. "},
                    literal("docs/checks.md"),
                    {" says what each check does, and what is behind these failures."}}}});
    Table counts{
        {{{{"check"}}}},
        {texts({"cells that exported", Style::emphasis}, texts_of(table.checks.exported))}};
    for (const auto& release : table.releases)
        counts.columns.push_back({{{release}}});
    for (const auto& row : table.checks.rows)
        counts.rows.push_back(texts({row.name}, counts_of(row)));
    document.emplace_back(std::move(counts));
    for (const auto& row : table.checks.rows) {
        if (row.reasons.empty()) continue;
        document.emplace_back(Heading{3, {{row.name}}});
        List reasons;
        for (const auto& reason : row.reasons)
            reasons.items.push_back(reason_item(table, reason));
        document.emplace_back(std::move(reasons));
    }
}

void add_programs(const ReleasesTable& table, Document& document) {
    if (table.programs.empty()) return;
    document.emplace_back(Heading{2, {{"Programs that the release before saved"}}});
    document.emplace_back(Paragraph{
        {{{"What each release saved, the next one loads and runs. What is said here is not part of "
           "the goldens; "},
          literal("exportgate upgrade"),
          {" judges it."}}}});
    List list;
    for (const auto& part : table.programs) {
        Item item{{{part.headline}}};
        item.items = document::plain_items(part.details);
        list.items.push_back(std::move(item));
    }
    document.emplace_back(std::move(list));
}

}  // namespace

Document releases_document(const ReleasesTable& table, const std::string& made_with,
                           const std::vector<std::string>& records) {
    Document document{Heading{1, {{"What each torch release does"}}},
                      document::line(summary(table) + "."), legend_list(table)};
    add_blocks(table, document);
    if (!table.notes.empty()) {
        document.emplace_back(Heading{2, {{"Notes"}}});
        document.emplace_back(List{document::plain_items(table.notes), true});
    }
    add_checks(table, document);
    document::add(document, given_away_document(table.given_away, table.releases));
    add_programs(table, document);
    document.emplace_back(Heading{2, {{"Records"}}});
    document.emplace_back(
        document::line("A column stands for every record from its first to its last release:"));
    document.emplace_back(List{document::plain_items(records)});
    document.emplace_back(Paragraph{{{{"Made with "}, literal(made_with), {"; do not edit."}}}});
    return document;
}

std::string releases_markdown(const ReleasesTable& table, const std::string& made_with,
                              const std::vector<std::string>& records) {
    return document::markdown(releases_document(table, made_with, records));
}

}  // namespace exportgate::report
