#include "page/differences.h"

#include <gmock/gmock.h>

namespace exportgate::page {
namespace {

using report::Json;

constexpr const char* before = R"(exportgate graph 2

inputs
  %0  USER_INPUT  f32[2]

graph
  %1 = aten.add.Tensor(%0, 1)
  %2 = aten.mul.Tensor(%1, 2)
)";
constexpr const char* after = R"(exportgate graph 2

inputs
  %0  USER_INPUT  f32[2]

graph
  %1 = aten.neg.default(%0)
  %2 = aten.add.Tensor(%0, 1)
  %3 = aten.mul.Tensor(%2, 2)
)";

TEST(Differences, AValueMoreShiftsNoOther) {
    TextPool pool;
    Differences differences(pool);
    EXPECT_EQ(differences.number_of(before, after), 0U);
    const Json expected{6, Json{"  %new1 = aten.neg.default(%0)"}, 2};
    EXPECT_EQ(differences.json().at(0).at("edits"), expected);
}

TEST(Differences, LinesThatAreGoneAreCounted) {
    TextPool pool;
    Differences differences(pool);
    differences.number_of(after, before);
    EXPECT_EQ(differences.json().at(0).at("edits"), Json({6, -1, 2}));
}

TEST(Differences, EqualPairsShareOne) {
    TextPool pool;
    Differences differences(pool);
    differences.number_of(before, after);
    EXPECT_EQ(differences.number_of(after, before), 1U);
    EXPECT_EQ(differences.number_of(before, after), 0U);
    EXPECT_EQ(pool.texts().size(), 2U);
}

}  // namespace
}  // namespace exportgate::page
