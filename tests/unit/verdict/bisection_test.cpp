#include "verdict/bisection.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

namespace exportgate::verdict {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// A row that turns at `first_bad`, and in which `unknown` say nothing.
Bisection found_in(std::size_t count, std::size_t first_bad,
                   std::vector<std::size_t> unknown = {}) {
    return bisect(count, [&](std::size_t each) {
        if (std::find(unknown.begin(), unknown.end(), each) != unknown.end()) return Point::unknown;
        return each < first_bad ? Point::good : Point::bad;
    });
}

TEST(Bisection, OfTwoLooksAtNone) {
    EXPECT_EQ(found_in(2, 1), (Bisection{0, 1, {}, {}}));
}

TEST(Bisection, FindsEveryTurnInTheFewestLooks) {
    for (std::size_t count = 2; count < 40; ++count) {
        const double most = std::ceil(std::log2(static_cast<double>(count - 1)));
        for (std::size_t first_bad = 1; first_bad < count; ++first_bad) {
            const Bisection found = found_in(count, first_bad);
            EXPECT_EQ(found.first_bad, first_bad);
            EXPECT_EQ(found.last_good, first_bad - 1);
            EXPECT_THAT(found.skipped, IsEmpty());
            EXPECT_LE(found.looked_at.size(), static_cast<std::size_t>(most));
        }
    }
}

TEST(Bisection, SaysWhatItCouldNotLookAt) {
    const Bisection found = found_in(6, 3, {2, 3});
    EXPECT_EQ(found.last_good, 1U);
    EXPECT_EQ(found.first_bad, 4U);
    EXPECT_THAT(found.skipped, ElementsAre(2, 3));
}

TEST(Bisection, WhatSaysNothingElsewhereIsNotSkipped) {
    const Bisection found = found_in(10, 9, {4});
    EXPECT_THAT(found.looked_at, Not(IsEmpty()));
    EXPECT_EQ(found.last_good, 8U);
    EXPECT_THAT(found.skipped, IsEmpty());
}

TEST(Bisection, WhereNothingCanBeLookedAtAllIsBetween) {
    EXPECT_THAT(found_in(5, 1, {1, 2, 3}).skipped, SizeIs(3));
}

TEST(Bisection, OnlyWhatIsLookedForIsBad) {
    EXPECT_EQ(point_of(Verdict::regressed, Verdict::regressed), Point::bad);
    EXPECT_EQ(point_of(Verdict::changed, Verdict::regressed), Point::good);
    EXPECT_EQ(point_of(Verdict::improved, Verdict::regressed), Point::good);
    EXPECT_EQ(point_of(Verdict::improved, Verdict::improved), Point::bad);
    EXPECT_EQ(point_of(Verdict::regressed, Verdict::changed), Point::bad);
    EXPECT_EQ(point_of(Verdict::cosmetic, Verdict::changed), Point::good);
    EXPECT_EQ(point_of(Verdict::as_expected, Verdict::as_expected), Point::good);
    EXPECT_EQ(point_of(Verdict::unobserved, Verdict::regressed), Point::unknown);
    EXPECT_EQ(point_of(Verdict::case_error, Verdict::regressed), Point::unknown);
    EXPECT_EQ(point_of(Verdict::new_, Verdict::regressed), Point::unknown);
}

}  // namespace
}  // namespace exportgate::verdict
