#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "page/benchmarks.h"
#include "page/figure_names.h"
#include "report/wording.h"

namespace exportgate::page {
namespace {

using bench::Comparison;

std::string build_of(const bench::SessionSide& side) {
    const auto& environment = side.environment;
    return environment.torch_build.empty() ? environment.torch : environment.torch_build;
}

RatioMark mark_of(bench::Speed verdict) {
    switch (verdict) {
        case bench::Speed::faster:
            return RatioMark::faster;
        case bench::Speed::same:
            return RatioMark::same;
        case bench::Speed::slower:
            return RatioMark::slower;
        case bench::Speed::inconclusive:
            return RatioMark::inconclusive;
    }
    return RatioMark::inconclusive;
}

std::string ratio_text(double ratio) {
    return std::isnan(ratio) ? "" : fmt::format("{:.3f}", ratio);
}

std::string interval_text(const Comparison& comparison) {
    if (std::isnan(comparison.low) || std::isnan(comparison.high)) return "";
    return fmt::format("{:.3f} to {:.3f}", comparison.low, comparison.high);
}

/// The name without its case and operation, which the heading says; whole where `all` are of
/// several.
std::string name_among(const bench::Name& name, const std::vector<const Comparison*>& all) {
    const bool several = std::any_of(all.begin(), all.end(), [&](const Comparison* other) {
        return other->name.case_name != name.case_name || other->name.operation != name.operation;
    });
    if (several || name.is_floor()) return name.text;
    return fmt::format("{}/{}/{}:{}", name.kind, name.implementation,
                       name.by_layers ? "layers" : "leaves", name.size);
}

FigureTable table_of(const std::string& heading,
                     const std::vector<const Comparison*>& comparisons) {
    FigureTable table;
    table.caption = heading + ": measured / baseline, above 1 is slower";
    table.columns = {"benchmark", "verdict",  "ratio",    "interval", "coverage",
                     "threshold", "measured", "baseline", "note"};
    for (const Comparison* comparison : comparisons) {
        const std::string word(bench::to_text(comparison->verdict));
        table.rows.push_back(
            {{name_among(comparison->name, comparisons), word, ratio_text(comparison->ratio),
              interval_text(*comparison),
              std::isnan(comparison->coverage) ? ""
                                               : fmt::format("{:.1f}%", 100 * comparison->coverage),
              fmt::format("{:.2f}", comparison->threshold), duration(comparison->measured_ns),
              duration(comparison->against_ns), comparison->why},
             word});
    }
    return table;
}

Ratios ratios_of(const std::vector<const Comparison*>& comparisons) {
    Ratios chart{"time measured / baseline; dashes: threshold", {}};
    for (const Comparison* comparison : comparisons) {
        if (std::isnan(comparison->ratio) || !(comparison->low > 0) || !(comparison->high > 0))
            continue;
        const std::string word(bench::to_text(comparison->verdict));
        chart.rows.push_back({name_among(comparison->name, comparisons), comparison->ratio,
                              comparison->low, comparison->high, comparison->threshold,
                              mark_of(comparison->verdict),
                              fmt::format("{} {:.3f}", word, comparison->ratio)});
    }
    return chart;
}

std::string description_of(const Ratios& chart) {
    std::string text;
    for (const Ratio& row : chart.rows) {
        text += fmt::format("{}{}: {}, interval {:.3f} to {:.3f}.", text.empty() ? "" : " ",
                            row.name, row.word, row.low, row.high);
    }
    return text;
}

FigureBlock block_of(const std::string& heading, const std::string& name,
                     const std::string& session,
                     const std::vector<const Comparison*>& comparisons) {
    FigureBlock block;
    block.heading = heading;
    block.open = std::any_of(
        comparisons.begin(), comparisons.end(),
        [](const Comparison* comparison) { return comparison->verdict != bench::Speed::same; });
    block.table = table_of(heading, comparisons);
    Ratios chart = ratios_of(comparisons);
    if (!chart.rows.empty()) {
        Figure figure{name, heading + ", " + session, description_of(chart), std::move(chart)};
        block.figures.push_back(std::move(figure));
    }
    return block;
}

std::vector<std::pair<std::string, std::vector<const Comparison*>>> by_case_and_operation(
    const std::vector<Comparison>& all) {
    std::vector<std::pair<std::string, std::vector<const Comparison*>>> groups;
    for (const Comparison& comparison : all) {
        const std::string heading = comparison.name.case_name + " " + comparison.name.operation;
        auto group = std::find_if(groups.begin(), groups.end(),
                                  [&](const auto& each) { return each.first == heading; });
        if (group == groups.end()) group = groups.insert(groups.end(), {heading, {}});
        group->second.push_back(&comparison);
    }
    return groups;
}

std::string counts_of(const bench::SessionResult& result) {
    std::string text;
    for (const auto verdict : {bench::Speed::slower, bench::Speed::inconclusive,
                               bench::Speed::faster, bench::Speed::same}) {
        const auto count = std::count_if(
            result.comparisons.begin(), result.comparisons.end(),
            [&](const Comparison& comparison) { return comparison.verdict == verdict; });
        if (count > 0)
            text +=
                fmt::format("{}{} {}", text.empty() ? "" : ", ", count, bench::to_text(verdict));
    }
    return text;
}

}  // namespace

BenchmarkPart part_of(const bench::Session& session, const std::string& prefix) {
    const bench::SessionResult result = bench::judge(session);
    BenchmarkPart part;
    part.title =
        fmt::format("torch {} against {}", build_of(session.measured), build_of(session.against));
    if (session.measured.cases != session.against.cases)
        part.title += fmt::format(", {} against {}", session.measured.cases, session.against.cases);
    part.verdict = result.why;
    // An incomplete session is one that could not be judged; nothing was interrupted here.
    part.exit_code = std::min(bench::exit_code(result.verdict), 2);
    const std::string counts = counts_of(result);
    if (!counts.empty()) part.facts.push_back(counts);
    part.facts.push_back("measured " + session.date);
    part.facts.push_back(fmt::format(
        "{} launches of {} pairs each, blocks of {:.1f} ms, seed {}, CPU {}", session.launches,
        session.pairs, static_cast<double>(session.block_ns) / 1e6, session.seed, session.cpu));
    part.facts.push_back(fmt::format("Python {} and {}", session.measured.environment.python,
                                     session.against.environment.python));
    if (result.is_void()) part.cautions.push_back("The session is void: no verdict below counts.");
    if (!session.complete) part.cautions.push_back("The session is incomplete: " + session.reason);
    FigureNames names;
    for (const auto& [heading, comparisons] : by_case_and_operation(result.comparisons))
        part.blocks.push_back(
            block_of(heading, names.unique(prefix + heading + "-ratio"), part.title, comparisons));
    std::vector<const Comparison*> same_code;
    for (const Comparison& comparison : result.same_code)
        same_code.push_back(&comparison);
    if (!same_code.empty()) {
        part.blocks.push_back(block_of("The same code against itself",
                                       names.unique(prefix + "same-code-ratio"), part.title,
                                       same_code));
        part.blocks.back().open = result.is_void();
    }
    for (const auto& not_compared : result.not_compared)
        part.not_available.push_back(not_compared.name.text + ": " + not_compared.reason);
    return part;
}

}  // namespace exportgate::page
