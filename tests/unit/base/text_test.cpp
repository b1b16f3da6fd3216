#include "base/text.h"

#include <gmock/gmock.h>

#include "base/error.h"

namespace exportgate {
namespace {

using ::testing::ElementsAre;

TEST(ErrorText, HasFileLineWhatAndRemedy) {
    EXPECT_EQ(to_string(Error{"case.toml", 12, "dim \"lenght\" is not declared",
                              "did you mean \"length\"?"}),
              "case.toml:12: dim \"lenght\" is not declared (did you mean \"length\"?)");
    EXPECT_EQ(to_string(Error{.file = "a.tsv", .what = "is empty"}), "a.tsv: is empty");
    EXPECT_EQ(to_string(Error{.what = "nothing matches"}), "nothing matches");
}

TEST(Split, KeepsEmptyParts) {
    EXPECT_THAT(split("a//b/", '/'), ElementsAre("a", "", "b", ""));
    EXPECT_THAT(split("", '/'), ElementsAre(""));
}

TEST(Join, PutsTheSeparatorBetween) {
    const std::vector<std::string> parts{"a", "", "b"};
    EXPECT_EQ(join(parts, ", "), "a, , b");
    EXPECT_EQ(join({}, ", "), "");
}

TEST(Glob, CoversTheWholeNameAndCrossesSlashes) {
    const std::string name = "dynamic_cache/module/strict/named/b3c5";
    EXPECT_TRUE(glob_matches("*/module/strict/*", name));
    EXPECT_TRUE(glob_matches("*/b?c5", name));
    EXPECT_TRUE(glob_matches("*/[mp]*/strict/*", name));
    EXPECT_TRUE(glob_matches(name, name));
    EXPECT_FALSE(glob_matches("dynamic_cache", name));
    EXPECT_FALSE(glob_matches("*/plain/*", name));
}

TEST(Closest, FindsTheMisspeltWord) {
    const std::vector<std::string> dims{"batch", "length", "heads"};
    EXPECT_EQ(closest("lenght", dims), "length");
    EXPECT_EQ(closest("batc", dims), "batch");
    EXPECT_EQ(closest("modul", std::vector<std::string>{"plain", "module"}), "module");
}

TEST(Closest, IsEmptyWhereNothingIsNear) {
    EXPECT_EQ(closest("sequence", std::vector<std::string>{"batch", "length"}), "");
    EXPECT_EQ(closest("x", std::vector<std::string>{"y", "ab"}), "");
    EXPECT_EQ(closest("x", {}), "");
}

TEST(Digest, IsFnv1a) {
    // vectors of the FNV reference code
    EXPECT_EQ(digest(""), "cbf29ce484222325");
    EXPECT_EQ(digest("a"), "af63dc4c8601ec8c");
    EXPECT_EQ(digest("foobar"), "85944171f73967e8");
}

}  // namespace
}  // namespace exportgate
