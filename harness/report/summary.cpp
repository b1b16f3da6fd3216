#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/printable.h"
#include "base/text.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using document::Paragraph;
using document::Text;

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

Text counts_text(const Counts& counts) {
    if (counts.empty()) return {{"nothing was judged"}};
    const auto label = [](verdict::Verdict verdict) {
        return std::string(verdict::info(verdict).label);
    };
    if (counts.size() == 1) {
        const auto& [verdict, count] = counts.front();
        return {{count == 1 ? "" : "all "}, {label(verdict), style_of(verdict)}};
    }
    Text text;
    for (auto entry = counts.rbegin(); entry != counts.rend(); ++entry) {
        if (entry != counts.rbegin()) text.push_back({", "});
        text.push_back(
            {fmt::format("{} {}", entry->second, label(entry->first)), style_of(entry->first)});
    }
    return text;
}

Text counts_text(const verdict::Judged& judged) {
    Text text = counts_text(verdict::counts(judged.judgements));
    if (!judged.failures.empty())
        text.push_back({", " + counted(judged.failures.size(), "other failure")});
    text.push_back({inherited_text(judged)});
    return text;
}

RecordSummary summarise(const std::string& file, const verdict::Judged& judged) {
    const auto& environment = judged.environment;
    Text text = counts_text(judged);
    for (const auto& problem : judged.problems)
        text.push_back({", " + problem.what});
    return {
        file,
        printable(environment.torch_build.empty() ? environment.torch : environment.torch_build),
        verdict::counts(judged.judgements), std::move(text), judged.exit_code};
}

RecordSummary unreadable(const std::string& file) {
    return {file, "", {}, {{"cannot be read"}}, 2};
}

void sort_by_release(std::span<RecordSummary> records) {
    std::stable_sort(records.begin(), records.end(), [](const auto& a, const auto& b) {
        const auto first = TorchVersion::parse(a.torch);
        const auto second = TorchVersion::parse(b.torch);
        if (first && second) return *first < *second;
        return first.has_value() && !second.has_value();
    });
}

Paragraph summary_lines(std::span<const RecordSummary> records) {
    Paragraph paragraph;
    for (const auto& record : records) {
        Text line{{record.file + ": "}};
        if (!record.torch.empty()) {
            line.push_back({fmt::format("torch {}: {}, ", record.torch,
                                        counted(total(record.counts), "cell"))});
        }
        line.insert(line.end(), record.counts_text.begin(), record.counts_text.end());
        paragraph.lines.push_back(std::move(line));
    }
    return paragraph;
}

Text summary_counts(std::span<const RecordSummary> records) {
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
        Text text{
            {fmt::format("{} records, {}: ", records.size(), counted(total(counts), "cell"))}};
        const Text all = counts_text(counts);
        text.insert(text.end(), all.begin(), all.end());
        return text;
    }
    std::vector<std::string> parts;
    if (with(2) > 0) parts.push_back(fmt::format("{} could not be judged", with(2)));
    if (with(1) > 0) parts.push_back(fmt::format("{} with failures", with(1)));
    if (with(0) > 0) parts.push_back(fmt::format("{} without", with(0)));
    return {{fmt::format("{} records: {}", records.size(), fmt::join(parts, ", "))}};
}

Paragraph summary_sentence(std::span<const RecordSummary> records) {
    int exit_code = 0;
    for (const auto& record : records)
        exit_code = std::max(exit_code, record.exit_code);
    Text text = summary_counts(records);
    text.push_back({". "});
    text.push_back(verdict_word(exit_code));
    return {{std::move(text)}};
}

document::Run verdict_word(int exit_code) {
    if (exit_code == 0) return {"PASSED", document::Style::good};
    return {exit_code == 1 ? "FAILED" : "COULD NOT BE JUDGED", document::Style::bad};
}

}  // namespace exportgate::report
