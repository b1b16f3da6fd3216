#include "golden/seeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "golden/golden.h"

namespace exportgate::golden {
namespace {

std::vector<TorchVersion> accepted_releases(const Golden& golden) {
    auto releases = recorded_in_part(golden);
    releases.insert(releases.end(), golden.recorded.begin(), golden.recorded.end());
    std::sort(releases.begin(), releases.end());
    return releases;
}

bool knows(const Golden& golden, const TorchVersion& torch) {
    const auto releases = accepted_releases(golden);
    return std::binary_search(releases.begin(), releases.end(), torch);
}

bool parse_numbers(std::string_view text, std::set<std::int64_t>& numbers) {
    for (const auto part : split(text, '+')) {
        std::int64_t number = 0;
        const auto* end = part.data() + part.size();
        const auto [rest, error] = std::from_chars(part.data(), end, number);
        if (error != std::errc() || rest != end) return false;
        numbers.insert(number);
    }
    return true;
}

}  // namespace

std::string print_seeds(const Seeds& seeds) {
    std::vector<std::string> words;
    for (const auto& [release, numbers] : seeds)
        words.push_back(fmt::format("{}={}", release.text(), fmt::join(numbers, "+")));
    return join(words, " ");
}

Seeds parse_seeds(std::string_view text, std::vector<std::string>& problems) {
    Seeds seeds;
    for (const auto word : split(text, ' ')) {
        const auto equal = word.find('=');
        const auto release = TorchVersion::parse(word.substr(0, equal));
        std::set<std::int64_t> numbers;
        const bool is_good = release && equal != std::string_view::npos &&
                             parse_numbers(word.substr(equal + 1), numbers) &&
                             seeds.try_emplace(*release, numbers).second;
        if (!is_good)
            problems.push_back("found \"" + std::string(word) + "\", expected a release and seeds");
    }
    return seeds;
}

std::set<std::int64_t> seeds_at(const Golden& golden, const TorchVersion& torch) {
    const auto releases = accepted_releases(golden);
    const auto later = std::upper_bound(releases.begin(), releases.end(), torch);
    if (later == releases.begin()) return {};
    const auto found = golden.seeds.find(*std::prev(later));
    return found == golden.seeds.end() ? std::set<std::int64_t>{0} : found->second;
}

void keep_seed(Golden& golden, const Golden& before, const TorchVersion& torch, std::int64_t seed,
               Covers covers) {
    golden.seeds.erase(torch);
    if (!knows(golden, torch)) return;
    std::set<std::int64_t> seeds{seed};
    if (covers == Covers::part && knows(before, torch)) seeds.merge(seeds_at(before, torch));
    if (seeds != std::set<std::int64_t>{0}) golden.seeds.emplace(torch, std::move(seeds));
}

}  // namespace exportgate::golden
