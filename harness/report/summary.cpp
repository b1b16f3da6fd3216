#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "report/printable.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

std::size_t total(const Counts& counts) {
    std::size_t sum = 0;
    for (const auto& [verdict, count] : counts)
        sum += count;
    return sum;
}

/// " (never recorded: inherited from 2.15.0)", where cells have what an earlier release expects.
std::string inherited_text(const verdict::Judged& judged) {
    std::vector<std::string> releases;
    for (const auto& judgement : judged.judgements) {
        const std::string& release = judgement.inherited_from;
        if (!release.empty() &&
            std::find(releases.begin(), releases.end(), release) == releases.end())
            releases.push_back(release);
    }
    return releases.empty() ? "" : " (never recorded: inherited from " + join(releases, ", ") + ")";
}

}  // namespace

std::string counts_text(const Counts& counts, const Paint& paint) {
    if (counts.empty()) return "nothing was judged";
    if (counts.size() == 1) {
        const auto& [verdict, count] = counts.front();
        return (count == 1 ? "" : "all ") + paint.of(verdict, verdict::info(verdict).label);
    }
    std::string text;
    for (auto entry = counts.rbegin(); entry != counts.rend(); ++entry) {
        if (entry != counts.rbegin()) text += ", ";
        text += paint.of(entry->first,
                         fmt::format("{} {}", entry->second, verdict::info(entry->first).label));
    }
    return text;
}

std::string counts_text(const verdict::Judged& judged, const Paint& paint) {
    std::string text = counts_text(verdict::counts(judged.judgements), paint);
    if (!judged.failures.empty()) text += ", " + counted(judged.failures.size(), "other failure");
    return text + inherited_text(judged);
}

RecordSummary summarise(const std::string& file, const verdict::Judged& judged,
                        const ConsoleStyle& style) {
    const auto& environment = judged.environment;
    std::string text = counts_text(judged, Paint(style.colour));
    for (const auto& problem : judged.problems)
        text += ", " + printable(problem.what);
    return {
        file,
        printable(environment.torch_build.empty() ? environment.torch : environment.torch_build),
        verdict::counts(judged.judgements), std::move(text), judged.exit_code};
}

RecordSummary unreadable(const std::string& file) {
    return {file, "", {}, "cannot be read", 2};
}

void sort_by_release(std::span<RecordSummary> records) {
    std::stable_sort(records.begin(), records.end(), [](const auto& a, const auto& b) {
        const auto first = TorchVersion::parse(a.torch);
        const auto second = TorchVersion::parse(b.torch);
        if (first && second) return *first < *second;
        return first.has_value() && !second.has_value();
    });
}

std::string summary_lines(std::span<const RecordSummary> records) {
    std::string text;
    for (const auto& record : records) {
        text += record.file + ": ";
        if (!record.torch.empty())
            text +=
                fmt::format("torch {}: {}, ", record.torch, counted(total(record.counts), "cell"));
        text += record.counts_text + "\n";
    }
    return text;
}

std::string summary_sentence(std::span<const RecordSummary> records, const ConsoleStyle& style) {
    const Paint paint(style.colour);
    const auto with = [&](int exit_code) {
        return static_cast<std::size_t>(
            std::count_if(records.begin(), records.end(),
                          [&](const auto& record) { return record.exit_code == exit_code; }));
    };
    if (with(0) == records.size()) {
        std::map<verdict::Verdict, std::size_t> sums;
        for (const auto& record : records) {
            for (const auto& [verdict, count] : record.counts)
                sums[verdict] += count;
        }
        const Counts counts(sums.begin(), sums.end());
        return fmt::format("{} records, {}: {}. {}\n", records.size(),
                           counted(total(counts), "cell"), counts_text(counts, paint),
                           paint.good("PASSED"));
    }
    std::vector<std::string> parts;
    if (with(2) > 0) parts.push_back(fmt::format("{} could not be judged", with(2)));
    if (with(1) > 0) parts.push_back(fmt::format("{} with failures", with(1)));
    if (with(0) > 0) parts.push_back(fmt::format("{} without", with(0)));
    return fmt::format("{} records: {}. {}\n", records.size(), fmt::join(parts, ", "),
                       paint.bad(with(2) > 0 ? "COULD NOT BE JUDGED" : "FAILED"));
}

}  // namespace exportgate::report
