#include "base/printable.h"

#include <gtest/gtest.h>

namespace exportgate {
namespace {

const std::string mark = "\xEF\xBF\xBD";

TEST(Printable, KeepsTextNewlinesTabsAndUnicode) {
    const std::string text = "plain\ttext\nü € 𝄞";
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, ReplacesControlCharacters) {
    EXPECT_EQ(printable(std::string("a\0b", 3)), "a" + mark + "b");
    EXPECT_EQ(printable("\x1b[2J"), mark + "[2J");
    EXPECT_EQ(printable("a\u202Eb\u2066c\u200F"), "a" + mark + "b" + mark + "c" + mark);
    EXPECT_EQ(printable("\x7f\r"), mark + mark);
    EXPECT_EQ(printable("\xC2\x9B"
                        "2J"),
              mark + "2J")
        << "the one-character form of ESC [";
}

TEST(Printable, ReplacesWhatXmlForbids) {
    EXPECT_EQ(printable("\xEF\xBF\xBE\xEF\xBF\xBF"), mark + mark);
}

TEST(Printable, ReplacesBytesThatAreNotUtf8AndLosesNothingBehindThem) {
    EXPECT_EQ(printable("\xff"
                        "a"),
              mark + "a");
    EXPECT_EQ(printable("\xE2\x82"), mark + mark);
    EXPECT_EQ(printable("\xE2"
                        "ab"),
              mark + "ab");
    EXPECT_EQ(printable("\xF0"
                        "a"),
              mark + "a");
}

}  // namespace
}  // namespace exportgate
