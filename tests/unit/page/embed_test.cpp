#include "page/embed.h"

#include <gmock/gmock.h>

namespace exportgate::page {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Embed, DataCannotEndTheScriptItStandsIn) {
    const report::Json data{{"text", "</script><script>alert(1)</script><!-- & \u2028\u2029"}};
    const std::string text = embedded(data);
    for (const char* mark : {"<", ">", "&", "\u2028", "\u2029"})
        EXPECT_THAT(text, Not(HasSubstr(mark)));
    EXPECT_EQ(report::Json::parse(text), data);
}

TEST(Embed, BytesThatAreNotUtf8AreReplaced) {
    EXPECT_EQ(embedded(report::Json{"a\xff"
                                    "b"}),
              "[\"a\ufffdb\"]");
}

TEST(Embed, CharactersThatShareAByteWithLineSeparatorsStay) {
    EXPECT_EQ(embedded(report::Json{"\u2026 \u2192"}), "[\"\u2026 \u2192\"]");
}

TEST(Embed, NothingIsReplacedInWhatWasPutIn) {
    EXPECT_EQ(fill("a {{one}} b {{two}} c", {{"one", "{{two}}"}, {"two", "2"}}), "a {{two}} b 2 c");
}

TEST(Embed, BracesThatNameNothingStay) {
    EXPECT_EQ(fill("{{other}} and {{ no end", {{"one", "1"}}), "{{other}} and {{ no end");
}

TEST(Embed, ADrawingLosesItsPrologAndItsStyle) {
    EXPECT_EQ(
        inline_svg("<?xml version=\"1.0\"?>\n<svg><title>t</title><style>a{}</style><g/></svg>"),
        "<svg><title>t</title><g/></svg>");
}

}  // namespace
}  // namespace exportgate::page
