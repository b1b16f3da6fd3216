#include "verdict/bisection.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace exportgate::verdict {
namespace {

std::size_t distance(std::size_t a, std::size_t b) {
    return a < b ? b - a : a - b;
}

}  // namespace

Bisection bisect(std::size_t count, const std::function<Point(std::size_t)>& look) {
    Bisection found{.last_good = 0, .first_bad = count - 1, .looked_at = {}, .skipped = {}};
    std::set<std::size_t> unknown;
    while (true) {
        const std::size_t middle = (found.last_good + found.first_bad) / 2;
        std::size_t next = count;
        for (std::size_t each = found.last_good + 1; each < found.first_bad; ++each) {
            if (unknown.contains(each)) continue;
            if (next == count || distance(each, middle) < distance(next, middle)) next = each;
        }
        if (next == count) break;
        found.looked_at.push_back(next);
        switch (look(next)) {
            case Point::good:
                found.last_good = next;
                break;
            case Point::bad:
                found.first_bad = next;
                break;
            case Point::unknown:
                unknown.insert(next);
                break;
        }
    }
    std::copy_if(
        unknown.begin(), unknown.end(), std::back_inserter(found.skipped),
        [&](std::size_t each) { return found.last_good < each && each < found.first_bad; });
    return found;
}

Point point_of(Verdict verdict, Verdict turned) {
    switch (verdict) {
        case Verdict::unobserved:
        case Verdict::case_error:
        case Verdict::new_:
            return Point::unknown;
        case Verdict::as_expected:
        case Verdict::cosmetic:
            return Point::good;
        case Verdict::waived:
        case Verdict::improved:
        case Verdict::changed:
        case Verdict::regressed:
            break;
    }
    return turned == Verdict::changed || verdict == turned ? Point::bad : Point::good;
}

}  // namespace exportgate::verdict
