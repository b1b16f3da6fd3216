#include "base/torch_range.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace exportgate {
namespace {

// Two characters before one, so that "<=" is not taken for "<".
constexpr std::array<std::string_view, 6> range_operators{"==", "!=", "<=", ">=", "<", ">"};

tl::unexpected<Error> not_a_range(std::string what) {
    return tl::unexpected(Error{.what = std::move(what), .remedy = "write it like >=2.14.0,<2.16"});
}

std::string in_quotes(std::string_view text) {
    return std::string("\"").append(text).append("\"");
}

}  // namespace

Result<TorchRange> TorchRange::parse(std::string_view text) {
    TorchRange range;
    std::copy_if(text.begin(), text.end(), std::back_inserter(range.text_),
                 [](char c) { return c != ' '; });
    for (const auto part : split(range.text_, ',')) {
        const auto op = std::find_if(range_operators.begin(), range_operators.end(),
                                     [&](auto each) { return part.starts_with(each); });
        if (op == range_operators.end()) {
            return not_a_range(
                in_quotes(text) + " is not a range of torch releases: " +
                (part.empty() ? "a condition is missing" : in_quotes(part) + " has no operator"));
        }
        const auto number = part.substr(op->size());
        auto version = TorchVersion::parse(number);
        if (!version) {
            return not_a_range(in_quotes(text) + " is not a range of torch releases: " +
                               in_quotes(number) + " is not a version");
        }
        if (number.find('+') != std::string_view::npos) {
            return not_a_range(in_quotes(text) + " names the build " + in_quotes(number) +
                               ", and a range is of releases, of all their builds");
        }
        range.conditions_.push_back({*op, std::move(*version)});
    }
    if (!range.can_hold())
        return not_a_range("no torch release can be in " + in_quotes(range.text_));
    return range;
}

bool TorchRange::holds(const TorchVersion& torch) const {
    return std::all_of(conditions_.begin(), conditions_.end(),
                       [&](const Condition& condition) { return holds(condition, torch); });
}

bool TorchRange::holds(const Condition& condition, const TorchVersion& torch) {
    const auto order = torch <=> condition.version;
    if (condition.op == "==") return order == 0;
    if (condition.op == "!=") return order != 0;
    if (condition.op == "<=") return order <= 0;
    if (condition.op == ">=") return order >= 0;
    if (condition.op == "<") return order < 0;
    return order > 0;
}

/// Between two releases there is always another ("2.14.0.post1"), so only what bounds from both
/// sides can leave nothing.
bool TorchRange::can_hold() const {
    const auto bounds = [](const Condition& condition, char sign) {
        return condition.op == "==" || condition.op.front() == sign;
    };
    for (const auto& low : conditions_) {
        if (!bounds(low, '>')) continue;
        for (const auto& high : conditions_) {
            if (!bounds(high, '<')) continue;
            if (low.version > high.version) return false;
            if (low.version == high.version && (low.op == ">" || high.op == "<")) return false;
        }
        const bool excluded =
            low.op == "==" && std::any_of(conditions_.begin(), conditions_.end(), [&](auto& other) {
                return other.op == "!=" && other.version == low.version;
            });
        if (excluded) return false;
    }
    return true;
}

}  // namespace exportgate
