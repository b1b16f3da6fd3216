#include <gmock/gmock.h>

#include "case_folder.h"

namespace exportgate::matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string good_waiver = R"(
[[waivers]]
cells = "plain/strict/*"
torch = ">=2.14.0,<2.16"
differs = ["check run fails", "program"]
reason = "torch 2.14 raises on empty lists"
url = "https://example.org/issues/7"
expires = 2027-03-01
)";

class Waivers : public CaseFolder {
  protected:
    /// The mistakes where `old_text` of the good waiver is `new_text`.
    std::vector<std::string> with(const std::string& old_text, const std::string& new_text) {
        std::string waiver = good_waiver;
        const auto place = waiver.find(old_text);
        EXPECT_NE(place, std::string::npos);
        return mistakes_of(good_case + waiver.replace(place, old_text.size(), new_text));
    }
};

TEST_F(Waivers, HoldWhatTheFileSays) {
    write("my_cache", good_case + good_waiver + good_waiver);
    const Case one = load_case(cases / "my_cache" / "case.toml").value();
    ASSERT_THAT(one.waivers, SizeIs(2));
    const Waiver& waiver = one.waivers[0];
    EXPECT_EQ(waiver.cells, "plain/strict/*");
    EXPECT_EQ(waiver.torch.text(), ">=2.14.0,<2.16");
    EXPECT_THAT(waiver.differs, ElementsAre("check run fails", "program"));
    EXPECT_EQ(waiver.reason, "torch 2.14 raises on empty lists");
    EXPECT_EQ(waiver.url, "https://example.org/issues/7");
    EXPECT_EQ(exportgate::to_string(waiver.expires), "2027-03-01");
    EXPECT_EQ(waiver.file, (cases / "my_cache" / "case.toml").string());
    EXPECT_LT(waiver.line, one.waivers[1].line);
}

TEST_F(Waivers, DoNotChangeWhatIsAsked) {
    write("my_cache", good_case + good_waiver);
    const Case with_waiver = load_case(cases / "my_cache" / "case.toml").value();
    Case without = with_waiver;
    without.waivers.clear();
    EXPECT_TRUE(with_waiver.asks_the_same(without));
}

TEST_F(Waivers, EveryKeyIsRequired) {
    const auto mistakes = mistakes_of(good_case + "[[waivers]]\n");
    ASSERT_THAT(mistakes, SizeIs(6));
    for (const char* key : {"cells", "torch", "differs", "reason", "url", "expires"}) {
        EXPECT_THAT(mistakes, testing::Contains(HasSubstr(std::string("case.toml:21: a waiver has "
                                                                      "no \"") +
                                                          key + "\": ")));
    }
}

TEST_F(Waivers, EveryMistakeIsReportedWithItsLine) {
    EXPECT_THAT(mistakes_of(good_case + R"([[waivers]]
cels = "plain/*"
cells = 7
torch = "2.14"
differs = "program"
reason = """two
lines"""
url = "see the tracker"
expires = "2027-03-01"
)"),
                ElementsAre(HasSubstr("case.toml:22: unknown key \"cels\" in a waiver (did you "
                                      "mean \"cells\"?)"),
                            HasSubstr("case.toml:23: cells is an integer, expected a string"),
                            HasSubstr("case.toml:24: \"2.14\" is not a range"),
                            HasSubstr("case.toml:25: differs is a string, expected strings"),
                            HasSubstr("case.toml:26: the reason of a waiver is one line"),
                            HasSubstr("case.toml:28: url \"see the tracker\" is not a link"),
                            HasSubstr("case.toml:29: expires is a string, expected a day")));
}

TEST_F(Waivers, OneOfBeforeTheirDifferencesWereNamedSaysWhatToWrite) {
    EXPECT_THAT(with("differs = [\"check run fails\", \"program\"]\n", ""),
                ElementsAre(AllOf(HasSubstr("a waiver has no \"differs\""),
                                  HasSubstr("`exportgate show CELL` says what belongs there"))));
    EXPECT_THAT(with("[\"check run fails\", \"program\"]", "[]"), IsEmpty());
    EXPECT_THAT(with("\"program\"]", "7]"),
                ElementsAre(HasSubstr("differs holds an integer, expected strings")));
}

TEST_F(Waivers, OneOfEveryCellIsRefused) {
    for (const char* cells : {"*", "**", "*/*/*/*", "?*", "[!x]*", "[!]x]*/[!y]?*"})
        EXPECT_THAT(with("plain/strict/*", cells),
                    ElementsAre(HasSubstr("is one of every cell that there will ever be")))
            << cells;
    EXPECT_THAT(with("plain/strict/*", "*/strict/*"), IsEmpty());
}

TEST_F(Waivers, EmptyTextsAreMistakes) {
    EXPECT_THAT(with("\"torch 2.14 raises on empty lists\"", "\" \""),
                ElementsAre(HasSubstr("the \"reason\" of a waiver is empty")));
    EXPECT_THAT(with("\"plain/strict/*\"", "\"\""),
                ElementsAre(HasSubstr("the \"cells\" of a waiver is empty")));
}

TEST_F(Waivers, LinksAreHttp) {
    for (const char* url : {"ftp://example.org", "https://", "https://a b", "example.org"})
        EXPECT_THAT(with("https://example.org/issues/7", url), SizeIs(1)) << url;
    EXPECT_THAT(with("https:", "http:"), IsEmpty());
}

TEST_F(Waivers, ExpiryIsADayWithoutATime) {
    EXPECT_THAT(with("2027-03-01", "2027-03-01T12:00:00"),
                ElementsAre(HasSubstr("expires is a date or time, expected a day")));
    EXPECT_THAT(with("2027-03-01", "2027-02-29"), SizeIs(1)) << "not in the calendar";
}

TEST_F(Waivers, OneTableIsNotAListOfThem) {
    EXPECT_THAT(with("[[waivers]]", "[waivers]"),
                ElementsAre(HasSubstr("waivers is a table, expected tables (write [[waivers]]")));
    EXPECT_THAT(mistakes_of("waivers = [7]\n" + good_case),
                ElementsAre(HasSubstr("case.toml:1: waivers holds an integer, expected tables")));
}

}  // namespace
}  // namespace exportgate::matrix
