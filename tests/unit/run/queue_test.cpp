#include "run/queue.h"

#include <gtest/gtest.h>

namespace exportgate::run {
namespace {

using matrix::Mode;

matrix::Cell cell_of(Mode mode, const std::string& pair) {
    return {"c", matrix::Kind::plain, mode, matrix::DimsStyle::named, pair};
}

const matrix::Cell slow = cell_of(Mode::strict, "a");
const matrix::Cell quick = cell_of(Mode::nonstrict, "a");

TEST(Queue, GivesStrictCellsFirstAndOnlyThoseWhoseModeIsWarm) {
    Queue queue(std::vector{quick, slow});
    EXPECT_EQ(queue.take({}, true), std::nullopt);
    EXPECT_EQ(queue.take({Mode::strict, Mode::nonstrict}, false), slow);
    EXPECT_EQ(queue.take({Mode::strict}, false), std::nullopt);
    EXPECT_FALSE(queue.empty());
    EXPECT_EQ(queue.take({Mode::nonstrict}, false), quick);
    EXPECT_TRUE(queue.empty());
}

TEST(Queue, TriesACellOnceMoreAtTheEndAndAlone) {
    const std::set<Mode> warm{Mode::strict, Mode::nonstrict};
    Queue queue(std::vector{slow, quick});
    ASSERT_EQ(queue.take(warm, true), slow);
    EXPECT_TRUE(queue.try_again(slow));
    EXPECT_EQ(queue.take(warm, true), quick);
    EXPECT_EQ(queue.take(warm, false), std::nullopt);
    EXPECT_FALSE(queue.empty());
    EXPECT_EQ(queue.take(warm, true), slow);
    EXPECT_FALSE(queue.try_again(slow));
    EXPECT_TRUE(queue.try_again(quick));
}

TEST(Queue, GivesUpAllThatWaits) {
    Queue queue(std::vector{slow, quick});
    ASSERT_EQ(queue.take({Mode::strict}, true), slow);
    ASSERT_TRUE(queue.try_again(slow));
    EXPECT_EQ(queue.give_up(), (std::vector{quick, slow}));
    EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace exportgate::run
