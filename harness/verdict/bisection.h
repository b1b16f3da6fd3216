// Where in a row of releases an outcome turns, found by halving.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "verdict/verdict.h"

namespace exportgate::verdict {

/// What a release says: as at the first one, as at the last one, or nothing.
enum class Point { good, bad, unknown };

/// The turn lies between two releases. All that lie between them say nothing.
struct Bisection {
    std::size_t last_good = 0;
    std::size_t first_bad = 0;
    std::vector<std::size_t> looked_at;  // in that order; without the two ends
    std::vector<std::size_t> skipped;    // between the two, in their order

    bool operator==(const Bisection&) const = default;
};

/// Of `count` releases, two at least, of which the first is good and the last is bad. Looks at
/// ceil(log2(count - 1)) of them at most, and at another one for each that says nothing.
Bisection bisect(std::size_t count, const std::function<Point(std::size_t)>& look);

/// What `verdict` says of a release compared with the first one, where `turned` is the verdict of
/// the last one: bad where it got as far. What is worse counts only where something worse is looked
/// for, and what is better only where something better is.
Point point_of(Verdict verdict, Verdict turned);

}  // namespace exportgate::verdict
