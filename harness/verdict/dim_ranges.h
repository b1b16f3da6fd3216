// The part of an exported outcome's text that says in which range each dynamic dim may be.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace exportgate::verdict {

struct DimRange {
    std::string lower;  // a number or "-int_oo"
    std::string upper;  // a number or "int_oo"

    bool operator==(const DimRange&) const = default;
};

/// By the name of the dim that was asked for, from the section "symbols" of an exported outcome's
/// text. Left out: what has no range or no name, and names that several symbols or that share one,
/// of which it cannot be said which range is whose.
std::map<std::string, DimRange> dim_ranges(std::string_view outcome_text);

/// Whether an extent that was in `before` is not in `after`; true, too, where a bound is no number.
bool loses_extents(const DimRange& before, const DimRange& after);

}  // namespace exportgate::verdict
