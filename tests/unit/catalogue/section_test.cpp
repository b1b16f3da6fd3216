#include <gmock/gmock.h>

#include "catalogue/catalogue.h"

namespace exportgate::catalogue {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

const std::string entry = R"(title = "One"
[[entry]]
id = "one"
title = "It is so"
match = [
  { check = "dims", kind = ["module"], mode = ["strict"], torch = "<2.10", line = "*constant*" },
  { rejected = "any", exception = "ValueError" },
]
cause = "c"
releases = "r"
fix = "f"
)";

std::string with(const std::string& from, const std::string& to) {
    std::string text = entry;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(Section, IsReadAsItIsWritten) {
    const auto section = parse_section(entry, "one.toml");
    ASSERT_TRUE(section) << to_string(section.error().front());
    ASSERT_EQ(section->entries.size(), 1U);
    const Entry& one = section->entries.front();
    EXPECT_EQ(one.id, "one");
    ASSERT_EQ(one.patterns.size(), 2U);
    EXPECT_EQ(one.patterns[0].where, "dims");
    EXPECT_THAT(one.patterns[0].kinds, testing::ElementsAre(matrix::Kind::module));
    EXPECT_EQ(one.patterns[0].torch->text(), "<2.10");
    EXPECT_EQ(one.patterns[1].place, Place::rejected);
    EXPECT_EQ(one.patterns[1].where, "");
}

TEST(Section, MistakesAreReportedWithTheirLines) {
    const auto expect = [](const std::string& text, int line, const std::string& what) {
        const auto section = parse_section(text, "one.toml");
        ASSERT_FALSE(section) << what;
        EXPECT_THAT(
            section.error(),
            Contains(AllOf(Field(&Error::file, "one.toml"), Field(&Error::line, line),
                           testing::ResultOf([](const Error& error) { return to_string(error); },
                                             HasSubstr(what)))));
    };
    expect(with("check = \"dims\"", "check = \"dim\""), 6, "did you mean \"dims\"?");
    expect(with("\"module\"", "\"modul\""), 6, "did you mean \"module\"?");
    expect(with("<2.10", "before 2.10"), 6, "2.10");
    expect(with("line = ", "lines = "), 6, "did you mean \"line\"?");
    expect(with("rejected = \"any\", ", ""), 7, "names one place");
    expect(with("rejected = \"any\"", "rejected = \"exprot\""), 7, "did you mean \"export\"?");
    expect(with("cause = \"c\"\n", ""), 2, "has no cause");
    expect(with("id = \"one\"", "id = \"The One\""), 2, "kebab-case");
    expect(with("fix = ", "fixes = "), 11, "did you mean \"fix\"?");
    expect(with("fix = \"f\"", "fix = "), 11, "");
    expect(with("fix = \"f\"", "fix = \"f\"\ntried = \"now\""), 2, "tried = \"now\" is no release");
}

TEST(Shipped, IdsAreUnique) {
    auto ids = shipped().ids();
    std::sort(ids.begin(), ids.end());
    EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
    EXPECT_EQ(shipped().find("no-such-id"), nullptr);
}

TEST(Shipped, LinksAreIssuesAndPullRequestsOnGitHub) {
    for (const std::string& id : shipped().ids()) {
        for (const std::string& link : shipped().find(id)->links)
            EXPECT_THAT(
                link, testing::MatchesRegex("https://github.com/[^/]+/[^/]+/(issues|pull)/[0-9]+"));
    }
}

}  // namespace
}  // namespace exportgate::catalogue
