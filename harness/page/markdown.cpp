#include <fmt/format.h>

#include "base/text.h"
#include "page/markdown_text.h"
#include "page/page.h"
#include "report/releases_page.h"
#include "report/summary.h"
#include "report/upgrade_report.h"

namespace exportgate::page {
namespace {

/// Below a heading of this page: each heading of `text` one level deeper, its first line left out.
std::string deeper(const std::string& text) {
    std::string result;
    bool fenced = false;
    bool first = true;
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with("```")) fenced = !fenced;
        const bool heading = !fenced && line.starts_with("#");
        if (!(first && heading)) result += (heading ? "#" : "") + std::string(line) + "\n";
        first = false;
    }
    return result;
}

std::string markdown_problems(const Errors& errors, std::string_view title) {
    if (errors.empty()) return "";
    std::string text = fmt::format("{}\n\n", title);
    for (const auto& error : errors)
        text += "- " + markdown_text(to_string(error)) + "\n";
    return text + "\n";
}

std::string records_table(const Subject& subject) {
    std::string text = "| torch | Python | platform | record | verdict |\n|---|---|---|---|---|\n";
    for (const auto& run : subject.runs) {
        const auto& environment = run.judged.environment;
        const auto summary = report::summarise(run.file, run.judged, {});
        text += fmt::format("| {} | {} | {} | {} | {} |\n", markdown_text(summary.torch),
                            markdown_text(environment.python), markdown_text(environment.platform),
                            markdown_text(run.file), markdown_text(summary.counts_text));
    }
    return text + "\n";
}

std::string cells_part(const Subject& subject) {
    std::vector<verdict::Release> releases;
    std::vector<std::string> records;
    for (const auto& run : subject.runs) {
        releases.push_back(run.release);
        records.push_back(run.judged.environment.torch_build + ", " + run.file);
    }
    const auto table = report::releases_table(subject.cases, subject.cells, releases);
    return "## Cells\n\n" +
           deeper(report::releases_markdown(table, "exportgate report RECORD... -o DIR", records));
}

std::string upgrades_part(const Subject& subject) {
    if (subject.upgrades.empty()) return "";
    std::string table = "| from | to | cells | sentence |\n|---|---|---|---|\n";
    std::string details;
    for (const auto& upgrade : subject.upgrades) {
        const auto groups = report::change_groups(upgrade);
        table += fmt::format("| {} | {} | {} | {} |\n", markdown_text(upgrade.before.name),
                             markdown_text(upgrade.after.name),
                             markdown_text(report::counts_line(upgrade)),
                             markdown_text(report::sentence(upgrade, groups)));
        if (groups.empty()) continue;
        details += fmt::format("\n### {} to {}\n\n", markdown_text(upgrade.before.name),
                               markdown_text(upgrade.after.name)) +
                   report::upgrade_markdown(upgrade);
    }
    return "## From release to release\n\nNo part of the verdict above, which is against the "
           "goldens.\n\n" +
           table + details + "\n";
}

std::string picture(const Figure& figure) {
    return fmt::format("![{}]({}.svg)\n", markdown_text(figure.title), figure.name);
}

std::string block_markdown(const FigureBlock& block, const Drawings& drawings) {
    std::string text = fmt::format("#### {}\n\n", markdown_text(block.heading));
    for (const auto& figure : block.figures) {
        if (drawings.contains(figure.name)) text += picture(figure);
    }
    return text + "\n" + markdown_text(block.table.caption) + ":\n\n" +
           markdown_table(block.table) + "\n";
}

std::string benchmark_part(const BenchmarkPart& part, const Drawings& drawings) {
    std::string text = fmt::format("### {}\n\n", markdown_text(part.title));
    if (!part.verdict.empty()) text += fmt::format("**{}**\n\n", markdown_text(part.verdict));
    for (const auto& caution : part.cautions)
        text += fmt::format("> {}\n\n", markdown_text(caution));
    for (const auto& fact : part.facts)
        text += "- " + markdown_text(fact) + "\n";
    text += "\n";
    for (const auto& block : part.blocks)
        text += block_markdown(block, drawings);
    if (part.not_available.empty()) return text;
    text += "Not available:\n\n";
    for (const auto& line : part.not_available)
        text += "- " + markdown_text(line) + "\n";
    return text + "\n";
}

}  // namespace

std::string markdown(const Subject& subject, const Drawings& drawings) {
    const Conclusion conclusion = conclude(subject);
    std::string text = fmt::format("# exportgate report: {}\n\n{}.\n\n", conclusion.word,
                                   markdown_text(conclusion.sentence()));
    if (!subject.runs.empty()) text += records_table(subject);
    for (const auto& run : subject.runs) {
        text += markdown_problems(run.judged.problems, "Could not be judged:");
        text += markdown_problems(run.judged.failures, "Fails besides the cells:");
    }
    text += upgrades_part(subject);
    if (!subject.benchmarks.empty()) text += "## Benchmarks\n\n";
    for (const auto& part : subject.benchmarks)
        text += benchmark_part(part, drawings);
    if (!subject.runs.empty()) text += cells_part(subject);
    return text;
}

}  // namespace exportgate::page
