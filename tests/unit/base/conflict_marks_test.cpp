#include "base/conflict_marks.h"

#include <gtest/gtest.h>

namespace exportgate {
namespace {

TEST(ConflictMarks, AreThoseOfGit) {
    for (const char* mark :
         {"<<<<<<< HEAD", "||||||| merged common ancestors", "=======", ">>>>>>> theirs"})
        EXPECT_TRUE(is_conflict_mark(mark)) << mark;
    for (const char* line : {"", "<<<<<<<", "======== 4 passed", " <<<<<<< HEAD", "a\tb"})
        EXPECT_FALSE(is_conflict_mark(line)) << line;
}

TEST(ConflictMarks, AConflictHasAFirstAndALastOne) {
    EXPECT_EQ(line_of_conflict("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> theirs\n"), 2);
    EXPECT_EQ(line_of_conflict("a\n<<<<<<< a line of torch\n"), 0);
    EXPECT_EQ(line_of_conflict(">>>>>>> theirs\n<<<<<<< HEAD\n"), 0);
    EXPECT_EQ(line_of_conflict(""), 0);
}

}  // namespace
}  // namespace exportgate
