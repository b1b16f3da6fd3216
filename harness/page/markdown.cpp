#include "document/markdown.h"

#include "base/text.h"
#include "page/figure_table.h"
#include "page/given_away_json.h"
#include "page/page.h"
#include "report/releases_page.h"
#include "report/summary.h"
#include "report/upgrade_report.h"

namespace exportgate::page {
namespace {

using document::Document;
using document::Heading;
using document::List;
using document::Paragraph;
using document::Style;
using document::Table;
using document::Text;

/// A table of texts.
Table table_of(const std::vector<std::string>& columns) {
    Table table;
    for (const auto& column : columns)
        table.columns.push_back({{{column}}});
    return table;
}

void add_row(const std::vector<std::string>& texts, Table& table) {
    auto& row = table.rows.emplace_back();
    for (const auto& text : texts)
        row.push_back({{{text}}});
}

void add_problems(const Errors& errors, const char* title, Document& document) {
    if (errors.empty()) return;
    List list;
    for (const auto& error : errors)
        list.items.push_back({{{to_string(error)}}});
    document.emplace_back(document::line(title));
    document.emplace_back(std::move(list));
}

Table records_table(const Subject& subject) {
    Table table = table_of({"torch", "Python", "platform", "record", "verdict"});
    for (const auto& run : subject.runs) {
        const auto& environment = run.judged.environment;
        const auto summary = report::summarise(run.file, run.judged);
        add_row({summary.torch, environment.python, environment.platform, run.file,
                 document::plain_text(summary.counts_text)},
                table);
    }
    return table;
}

void add_cells(const Subject& subject, Document& document) {
    std::vector<verdict::Release> releases;
    std::vector<std::string> records;
    for (const auto& run : subject.runs) {
        releases.push_back(run.release);
        records.push_back(run.judged.environment.torch_build + ", " + run.file);
    }
    const auto table = report::releases_table(subject.cases, subject.cells, releases);
    auto part = report::releases_document(table, "exportgate report RECORD... -o DIR", records);
    document::deepen(part, 1);
    part.front() = Heading{2, {{"Cells"}}};
    document::add(document, std::move(part));
}

void add_where_it_goes(const Subject& subject, Document& document) {
    std::vector<std::string> releases;
    for (const auto& run : subject.runs)
        releases.push_back(run.release.name);
    document::add(document, report::given_away_document(given_away_of(subject), releases));
}

void add_upgrades(const Subject& subject, Document& document) {
    if (subject.upgrades.empty()) return;
    Table table = table_of({"from", "to", "cells", "sentence"});
    Document details;
    for (const auto& upgrade : subject.upgrades) {
        const auto groups = report::change_groups(upgrade);
        add_row({upgrade.before.name, upgrade.after.name, report::counts_line(upgrade),
                 report::sentence(upgrade, groups)},
                table);
        if (groups.empty()) continue;
        details.emplace_back(Heading{3, {{upgrade.before.name + " to " + upgrade.after.name}}});
        document::add(details, report::upgrade_comment(upgrade));
    }
    document.emplace_back(Heading{2, {{"From release to release"}}});
    document.emplace_back(
        document::line("No part of the verdict above, which is against the goldens."));
    document.emplace_back(std::move(table));
    document::add(document, std::move(details));
}

void add_figures(const FigureBlock& block, const Drawings& drawings, Document& document) {
    document.emplace_back(Heading{4, {{block.heading}}});
    Paragraph pictures;
    for (const auto& figure : block.figures) {
        if (drawings.contains(figure.name))
            pictures.lines.push_back({{figure.title, Style::picture, figure.name + ".svg"}});
    }
    if (!pictures.lines.empty()) document.emplace_back(std::move(pictures));
    document.emplace_back(document::line(block.table.caption + ":"));
    document.emplace_back(document_table(block.table));
}

void add_benchmarks(const BenchmarkPart& part, const Drawings& drawings, Document& document) {
    document.emplace_back(Heading{3, {{part.title}}});
    if (!part.verdict.empty()) document.emplace_back(Paragraph{{{document::strong(part.verdict)}}});
    for (const auto& caution : part.cautions)
        document.emplace_back(document::Caution{{{caution}}});
    if (!part.facts.empty()) document.emplace_back(List{document::plain_items(part.facts)});
    for (const auto& block : part.blocks)
        add_figures(block, drawings, document);
    if (part.not_available.empty()) return;
    document.emplace_back(document::line("Not available:"));
    document.emplace_back(List{document::plain_items(part.not_available)});
}

}  // namespace

std::string markdown(const Subject& subject, const Drawings& drawings) {
    const Conclusion conclusion = conclude(subject);
    Document document{Heading{1, {{"exportgate report: " + conclusion.word}}},
                      document::line(conclusion.sentence() + ".")};
    if (!subject.against.empty()) document.emplace_back(document::line(subject.against));
    if (!subject.runs.empty()) document.emplace_back(records_table(subject));
    for (const auto& run : subject.runs) {
        add_problems(run.judged.problems, "Could not be judged:", document);
        add_problems(run.judged.failures, "Fails besides the cells:", document);
    }
    add_upgrades(subject, document);
    if (!subject.benchmarks.empty()) document.emplace_back(Heading{2, {{"Benchmarks"}}});
    for (const auto& part : subject.benchmarks)
        add_benchmarks(part, drawings, document);
    if (!subject.runs.empty()) {
        add_where_it_goes(subject, document);
        add_cells(subject, document);
    }
    return document::markdown(document);
}

}  // namespace exportgate::page
