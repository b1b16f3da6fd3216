#include "document/console.h"

#include <gmock/gmock.h>

namespace exportgate::document {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Console, BlocksStandBelowEachOtherAndFoldsIndent) {
    const Document document{
        Heading{1, {{"title"}}}, Gap{},
        Fold{{strong("summary")},
             {Paragraph{{{{"one"}}, {{"two"}}}}, Code{{"-gone", "  kept  ", ""}, "diff"},
              Fold{{{"inner"}}, {List{{{{{"item"}}, "- "}}}}}}}};
    EXPECT_EQ(console(document, {}),
              "title\n\nsummary\n  one\n  two\n    -gone\n      kept\n\n  inner\n    - item\n");
}

TEST(Console, KeysStandBelowEachOther) {
    Item one{{{"a"}}};
    one.key = {{"2.9.1"}};
    Item other{{{"b"}}};
    other.key = {{"2.10.0"}};
    EXPECT_EQ(console({List{{one, other, {{{"c"}}, "- "}}}}, {}), "2.9.1   a\n2.10.0  b\n- c\n");
}

TEST(Console, TablesAreAligned) {
    const Table table{{{{{"name"}}}, {{{"count"}}, true}, {{{"why"}}}},
                      {{{{{"é"}}, {{"below"}}}, {{{"3"}}}, {{{"x"}}}}}};
    EXPECT_EQ(console({table}, {}),
              "name   count  why\n"
              "é          3  x\n"
              "below\n");
}

TEST(Console, CodeWithALimitIsCutAndClipped) {
    const std::string wide(80, 'x');
    EXPECT_EQ(console({Code{{wide}, "", 5}}, {false, 50}), "  " + std::string(45, 'x') + "...\n");
    EXPECT_EQ(console({Code{{"+" + wide}, "diff", 5}}, {false, 50}), "  +" + wide + "\n")
        << "the difference may be anywhere";
    EXPECT_EQ(console({Code{{wide}}}, {false, 50}), "  " + wide + "\n");
    EXPECT_EQ(console({Code{{"1", "2", "3", "4"}, "", 2}}, {}), "  1\n  2\n  ... 2 more lines\n");
}

TEST(Console, AFileOrAPipeGetsAllOfIt) {
    const std::string wide(80, 'x');
    EXPECT_EQ(console({Code{{wide, "2", "3", "4"}, "", 1}}, {false, 50, false}),
              "  " + wide + "\n  2\n  3\n  4\n");
}

TEST(Console, ColourIsAddedOnlyWhereAskedFor) {
    const Document document{Paragraph{{{{"a", Style::bad}, {"b"}}}}, Code{{"+c"}, "diff"}};
    EXPECT_EQ(console(document, {}), "ab\n  +c\n");
    EXPECT_EQ(console(document, {true, 100}), "\x1b[1;31ma\x1b[0mb\n  \x1b[32m+c\x1b[0m\n");
}

TEST(Console, NoTextMovesTheCursor) {
    const std::string bad = "a\x1b[2Jb";
    Item item{{{bad}}};
    item.key = {{bad}};
    const Document document{Heading{1, {{bad}}}, Paragraph{{{{bad}, literal(bad)}}},
                            List{{item}},        Table{{{{{bad}}}}, {{{{{bad}}}}}},
                            Caution{{{bad}}},    Code{{bad}},
                            Fold{{{bad}}, {}}};
    EXPECT_THAT(console(document, {}), Not(HasSubstr("\x1b")));
}

TEST(Clipped, NeverInsideACharacter) {
    const std::string wide = std::string(32, 'x') + "ééééé";
    EXPECT_EQ(clipped(wide, 36), std::string(32, 'x') + "...");
}

TEST(Items, BeyondTheLimitAreCounted) {
    const auto items = items_of({"a", "b", "c", "d"}, "- ", 2, "reasons");
    ASSERT_EQ(items.size(), 3U);
    EXPECT_EQ(items[1].mark, "- ");
    EXPECT_EQ(items[2].text.front().text, "... 2 more reasons");
    EXPECT_EQ(items_of({"a", "b", "c"}, "", 2, "").size(), 3U);
}

TEST(Deepen, MovesHeadingsOnly) {
    Document document{Heading{1, {{"a"}}}, Paragraph{{{{"# b"}}}}};
    deepen(document, 2);
    EXPECT_EQ(std::get<Heading>(document[0].what).level, 3);
}

}  // namespace
}  // namespace exportgate::document
