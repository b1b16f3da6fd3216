#include "page/causes.h"

#include <algorithm>

#include "catalogue/catalogue.h"
#include "catalogue/entry_text.h"

namespace exportgate::page {

std::vector<std::size_t> Causes::numbers_of(const matrix::Cell& cell, const TorchVersion& torch,
                                            const outcome::Outcome& outcome) {
    const catalogue::Seen seen{cell, torch, catalogue::findings(outcome)};
    std::vector<std::size_t> numbers;
    for (const catalogue::Finding& finding : seen.findings) {
        const auto found = catalogue::explanations(catalogue::shipped(), finding, seen);
        if (found.empty()) continue;
        const catalogue::Entry& entry = *found.front().entry;
        const auto [at, is_new] = numbers_.try_emplace(entry.id, entries_.size());
        if (is_new) {
            entries_.push_back({{"id", entry.id},
                                {"title", entry.title},
                                {"cause", catalogue::without_links(entry.cause)},
                                {"fix", catalogue::without_links(entry.fix)}});
        }
        if (std::find(numbers.begin(), numbers.end(), at->second) == numbers.end())
            numbers.push_back(at->second);
    }
    return numbers;
}

}  // namespace exportgate::page
