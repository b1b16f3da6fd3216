#include "document/markdown.h"

#include <gmock/gmock.h>

namespace exportgate::document {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string line(Text text) {
    std::string made = markdown(Document{Paragraph{{std::move(text)}}});
    EXPECT_TRUE(made.ends_with('\n'));
    made.pop_back();
    return made;
}

std::string plain(const std::string& text) {
    return line({{text}});
}

TEST(Markdown, PlainTextMeansNothing) {
    EXPECT_EQ(plain("a *b* `c` [d](e) | f ~g~ $h$ #1"),
              "a \\*b\\* \\`c\\` \\[d\\](e) \\| f \\~g\\~ \\$h\\$ \\#1");
    EXPECT_EQ(plain("<img src=x> & @someone"), "&lt;img src=x&gt; &amp; &#64;someone");
    EXPECT_EQ(plain("one\ntwo\tthree"), "one two three");
    EXPECT_EQ(plain("# no heading"), "\\# no heading");
}

TEST(Markdown, AnUnderscoreInsideAWordIsNoEmphasis) {
    EXPECT_EQ(plain("key_cache"), "key_cache");
    EXPECT_EQ(plain("_seen_ a_"), "\\_seen\\_ a\\_");
}

TEST(Markdown, ControlCharactersAreGoneEverywhere) {
    const std::string bad = "a\x1b[2Jb";
    const Document document{
        Heading{1, {{bad}}}, Paragraph{{{{bad}, literal(bad), strong(bad)}}},
        List{{{{{bad}}}}},   Table{{{{{bad}}}}, {{{{{bad}}}}}},
        Caution{{{bad}}},    Code{{bad}},
        Fold{{{bad}}, {}},
    };
    EXPECT_THAT(markdown(document), Not(HasSubstr("\x1b")));
}

TEST(Markdown, LiteralTextCannotCloseItsSpan) {
    EXPECT_EQ(line({literal("a*b")}), "`a*b`");
    EXPECT_EQ(line({literal("a `b` c")}), "`` a `b` c ``");
    EXPECT_EQ(line({literal("```")}), "```` ``` ````");
    EXPECT_EQ(line({literal("")}), "");
    EXPECT_EQ(line({literal("a\nb")}), "`a b`");
}

TEST(Markdown, RunsStandBesideEachOther) {
    EXPECT_EQ(line({{"a "}, strong("b*"), {" "}, {"c", Style::emphasis}}), "a **b\\*** *c*");
    EXPECT_EQ(line({{"a", Style::link, "#b"}, {"c", Style::picture, "d.svg"}}),
              "[a](#b)![c](d.svg)");
    EXPECT_EQ(line({{"**as** `it` is", Style::markdown}}), "**as** `it` is");
    EXPECT_EQ(line({{"a", Style::good}, {"b", Style::faint}}), "ab") << "no colours";
}

TEST(Markdown, BlocksAreApartAndFoldsAreNot) {
    const Document document{Heading{2, {{"title"}}},
                            Paragraph{{{{"one"}}, {{"two"}}}},
                            Gap{},
                            Fold{{{"a"}}, {}},
                            Fold{{{"b"}}, {Paragraph{{{{"inside"}}}}}},
                            Paragraph{{{{"end"}}}}};
    EXPECT_EQ(markdown(document),
              "## title\n\none\ntwo\n\n"
              "<details><summary>a</summary>\n</details>\n"
              "<details><summary>b</summary>\n\ninside\n\n</details>\n\nend\n");
    EXPECT_EQ(markdown(Document{}), "");
}

TEST(Markdown, TheSummaryOfAFoldIsHtml) {
    EXPECT_EQ(markdown(Document{Fold{{strong("a_b"), {" & "}, literal("<c>"), literal("")}, {}}}),
              "<details><summary><b>a_b</b> &amp; <code>&lt;c&gt;</code></summary>\n</details>\n");
}

TEST(Markdown, Lists) {
    Item outer{{{"one"}}, "+ "};
    outer.items = {{{{"inner"}}}};
    Item keyed{{{"value"}}};
    keyed.key = {literal("key")};
    EXPECT_EQ(markdown(Document{List{{outer, keyed}}}), "- one\n  - inner\n- `key`: value\n");
    EXPECT_EQ(markdown(Document{List{plain_items({"a", "b"}), true}}), "1. a\n2. b\n");
}

TEST(Markdown, TablesWithCellsOfSeveralLines) {
    const Table table{{{{{"name"}}}, {{{"count"}}, true}},
                      {{{{{"a b"}}, {{"c"}}}, {{{"3"}}}}, {{{{"d|e"}}}, {{{"4"}}}}}};
    EXPECT_EQ(markdown(Document{table}),
              "| name | count |\n| --- | ---: |\n| a\u00a0b<br>c | 3 |\n| d\\|e | 4 |\n");
}

TEST(Markdown, CodeIsShownUpToItsLimitInAFenceThatItCannotClose) {
    EXPECT_EQ(markdown(Document{Code{{"-a", "+b"}, "diff"}}), "```diff\n-a\n+b\n```\n");
    EXPECT_EQ(markdown(Document{Code{{"a ````"}}}), "`````\na ````\n`````\n");
    EXPECT_EQ(markdown(Document{Code{{"1", "2", "3", "4"}, "", 2}}),
              "```\n1\n2\n... 2 more lines\n```\n");
    EXPECT_EQ(markdown(Document{Code{{"1", "2", "3"}, "", 2}}), "```\n1\n2\n3\n```\n")
        << "one more takes the line that would say so";
}

}  // namespace
}  // namespace exportgate::document
