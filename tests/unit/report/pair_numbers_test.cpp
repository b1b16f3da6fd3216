#include "report/pair_numbers.h"

#include <gmock/gmock.h>

namespace exportgate::report {
namespace {

const matrix::Pair b3{"b3", {{"batch", 3}, {"length", 5}}};
const matrix::Pair b4{"b4", {{"batch", 4}, {"length", 11}}};

bool equal(const std::string& at_b3, const std::string& at_b4) {
    const bool one = equal_up_to_pairs(at_b3, b3, at_b4, b4);
    EXPECT_EQ(one, equal_up_to_pairs(at_b4, b4, at_b3, b3)) << "order matters";
    return one;
}

TEST(PairNumbers, ExtentsOfTheSameDimAreEqual) {
    EXPECT_TRUE(equal("got constant 3", "got constant 4"));
    EXPECT_TRUE(equal("x (3, 8, 5)", "x (4, 8, 11)"));
    EXPECT_TRUE(equal("fails 3 times", "fails 3 times"));
}

TEST(PairNumbers, EverythingElseIsNot) {
    EXPECT_FALSE(equal("got constant 3", "got constant 11")) << "another dim";
    EXPECT_FALSE(equal("got constant 4", "got constant 3")) << "each other's extent";
    EXPECT_FALSE(equal("got constant 3", "got constant 7"));
    EXPECT_FALSE(equal("s3", "s4")) << "part of a word";
    EXPECT_FALSE(equal("got 3", "got 4 more"));
    EXPECT_FALSE(equal("got 3", "asked 4"));
}

TEST(PairNumbers, EqualTextsHaveEqualShapes) {
    EXPECT_EQ(without_numbers("got 3 of [5, s0]"), without_numbers("got 4 of [11, s0]"));
    EXPECT_NE(without_numbers("got 3"), without_numbers("got s3"));
}

TEST(PairNumbers, OneTextHoldsForAll) {
    EXPECT_EQ(said_at_once(std::vector<std::string>{"got 3 of 8", "got 4 of 8", "got 3 of 8"}),
              "got 3 or 4 of 8");
    EXPECT_EQ(said_at_once({}), "");
}

}  // namespace
}  // namespace exportgate::report
