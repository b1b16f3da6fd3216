#include "golden/recorded_line.h"

#include <algorithm>

#include "base/text.h"

namespace exportgate::golden {
namespace {

constexpr std::string_view recorded_mark = "recorded:";
constexpr std::string_view in_part_mark = ", in part:";
constexpr std::string_view seeds_mark = ", seeds: ";
constexpr std::string_view nothing_recorded = " none";

std::string words(std::span<const TorchVersion> releases) {
    std::string text;
    for (const auto& release : releases)
        text += ' ' + release.text();
    return text;
}

/// " 2.6.0 2.7.1"; "" for none.
std::vector<TorchVersion> parse_releases(std::string_view text,
                                         std::vector<std::string>& problems) {
    std::vector<TorchVersion> releases;
    if (text.empty()) return releases;
    for (const auto word : split(text.substr(1), ' ')) {
        auto release = TorchVersion::parse(word);
        if (!release) {
            problems.push_back(to_string(release.error()));
        } else if (!releases.empty() && *release <= releases.back()) {
            problems.push_back("release " + release->text() + " stands after " +
                               releases.back().text() + ", expected them ascending");
        } else {
            releases.push_back(std::move(*release));
        }
    }
    return releases;
}

}  // namespace

std::vector<TorchVersion> recorded_in_part(const Golden& golden) {
    std::vector<TorchVersion> releases;
    for (const auto& row : golden.rows) {
        if (std::binary_search(golden.recorded.begin(), golden.recorded.end(), row.since)) continue;
        const auto place = std::lower_bound(releases.begin(), releases.end(), row.since);
        if (place == releases.end() || *place != row.since) releases.insert(place, row.since);
    }
    return releases;
}

std::string print_recorded(const Golden& golden) {
    const auto in_part = recorded_in_part(golden);
    std::string line(recorded_mark);
    line += words(golden.recorded);
    if (!in_part.empty()) {
        if (golden.recorded.empty()) line += nothing_recorded;
        line.append(in_part_mark).append(words(in_part));
    }
    if (!golden.seeds.empty()) line.append(seeds_mark).append(print_seeds(golden.seeds));
    return line;
}

RecordedLine parse_recorded(std::string_view line) {
    RecordedLine parsed;
    if (!line.starts_with(recorded_mark)) {
        parsed.problems.push_back("found \"" + std::string(line) +
                                  "\", expected \"recorded:\" and the releases");
        return parsed;
    }
    line.remove_prefix(recorded_mark.size());
    if (const auto seeds = line.find(seeds_mark); seeds != std::string_view::npos) {
        parsed.seeds = parse_seeds(line.substr(seeds + seeds_mark.size()), parsed.problems);
        line = line.substr(0, seeds);
    }
    const auto comma = line.find(in_part_mark);
    auto recorded = line.substr(0, comma);
    if (comma != std::string_view::npos) {
        if (recorded == nothing_recorded) recorded = {};
        parsed.in_part = parse_releases(line.substr(comma + in_part_mark.size()), parsed.problems);
    }
    parsed.recorded = parse_releases(recorded, parsed.problems);
    return parsed;
}

}  // namespace exportgate::golden
