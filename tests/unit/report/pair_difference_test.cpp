#include "report/pair_difference.h"

#include <gmock/gmock.h>

namespace exportgate::report {
namespace {

const matrix::Pair at_three{"b3", {{"batch", 3}, {"length", 5}}};
const matrix::Pair at_four{"b4", {{"batch", 4}, {"length", 11}}};

bool alike(const std::string& text, const std::string& other) {
    const bool one = differs_in_pair_only(text, at_three, other, at_four);
    EXPECT_EQ(one, differs_in_pair_only(other, at_four, text, at_three)) << "order matters";
    return one;
}

TEST(PairDifference, ExtentsOfTheSameDimAreAlike) {
    EXPECT_TRUE(alike("got constant 3", "got constant 4"));
    EXPECT_TRUE(alike("x (3, 8, 5)", "x (4, 8, 11)"));
    EXPECT_TRUE(alike("fails 3 times", "fails 3 times"));
    EXPECT_TRUE(alike("refuses b4", "refuses b3"));
}

TEST(PairDifference, EverythingElseIsNot) {
    EXPECT_FALSE(alike("got constant 3", "got constant 11")) << "another dim";
    EXPECT_FALSE(alike("got constant 3", "got constant 7"));
    EXPECT_FALSE(alike("s3", "s4")) << "part of a word";
    EXPECT_FALSE(alike("got 3", "got 4 more"));
    EXPECT_FALSE(alike("got 3", "asked 4"));
}

TEST(PairDifference, OneTextHoldsForAll) {
    EXPECT_EQ(said_at_once(std::vector<std::string>{"got 3 of 8", "got 4 of 8", "got 3 of 8"}),
              "got 3 or 4 of 8");
    EXPECT_EQ(said_at_once(std::vector<std::string>{"as it is"}), "as it is");
    EXPECT_EQ(said_at_once({}), "");
}

}  // namespace
}  // namespace exportgate::report
