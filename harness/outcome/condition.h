// Conditions on numbers as Python writes them: "8*a*b <= 120 and a % 2 == 0".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace exportgate::outcome {

/// Whether `condition` holds for these values. Known are integers, names, + - * // %, comparisons
/// (chained, too), and, or, not and parentheses. Nothing: it has something else, a name without a
/// value, a division by zero, or a number beyond 64 bits.
std::optional<bool> holds_for(std::string_view condition,
                              const std::map<std::string, std::int64_t, std::less<>>& values);

}  // namespace exportgate::outcome
