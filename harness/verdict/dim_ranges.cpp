#include "verdict/dim_ranges.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>

#include "base/text.h"

namespace exportgate::verdict {
namespace {

constexpr std::string_view symbols_section = "\nsymbols\n";
constexpr std::string_view range_mark = "..";

/// 3 of "3"; the ends of the 64 bits stand for torch's infinities.
std::optional<std::int64_t> bound_in(std::string_view text) {
    if (text == "int_oo") return std::numeric_limits<std::int64_t>::max();
    if (text == "-int_oo") return std::numeric_limits<std::int64_t>::min();
    std::int64_t bound = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bound);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return bound;
}

}  // namespace

std::map<std::string, DimRange> dim_ranges(std::string_view outcome_text) {
    const auto begin = outcome_text.find(symbols_section);
    if (begin == std::string_view::npos) return {};
    std::map<std::string, DimRange> ranges;
    std::set<std::string> ambiguous;
    for (const auto line : split(outcome_text.substr(begin + symbols_section.size()), '\n')) {
        if (line.empty()) break;
        //   s0  "batch"  1..1024
        const auto open = line.find('"');
        const auto close = line.find('"', open + 1);
        const auto dots = line.rfind(range_mark);
        if (open == std::string_view::npos || close == std::string_view::npos) continue;
        const std::string name(line.substr(open + 1, close - open - 1));
        const bool shared = line.find('"', close + 1) != std::string_view::npos;
        if (shared || dots == std::string_view::npos || dots < close || ranges.contains(name)) {
            ambiguous.insert(name);
            continue;
        }
        const auto lower = line.find_first_not_of(' ', close + 1);
        ranges[name] = {std::string(line.substr(lower, dots - lower)),
                        std::string(line.substr(dots + range_mark.size()))};
    }
    std::erase_if(ranges, [&](const auto& range) { return ambiguous.contains(range.first); });
    return ranges;
}

bool loses_extents(const DimRange& before, const DimRange& after) {
    const auto old_lower = bound_in(before.lower);
    const auto old_upper = bound_in(before.upper);
    const auto lower = bound_in(after.lower);
    const auto upper = bound_in(after.upper);
    if (!old_lower || !old_upper || !lower || !upper) return true;
    return *lower > *old_lower || *upper < *old_upper;
}

}  // namespace exportgate::verdict
