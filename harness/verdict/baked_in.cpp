#include "verdict/baked_in.h"

#include <algorithm>

#include "base/text.h"

namespace exportgate::verdict {
namespace {

constexpr std::string_view section = "\nconstants\n";
constexpr std::string_view mark = ", the values of ";

}  // namespace

std::vector<std::string> baked_in(std::string_view outcome_text) {
    const auto begin = outcome_text.rfind(section);
    if (begin == std::string_view::npos) return {};
    std::vector<std::string> leaves;
    for (const auto line : split(outcome_text.substr(begin + section.size()), '\n')) {
        const auto place = line.rfind(mark);
        if (place != std::string_view::npos) leaves.emplace_back(line.substr(place + mark.size()));
    }
    std::sort(leaves.begin(), leaves.end());
    return leaves;
}

}  // namespace exportgate::verdict
