#include "base/requirement.h"

#include <gmock/gmock.h>

namespace exportgate {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

const std::map<std::string, std::string> installed{{"Foo_Bar.baz", "1.2"},
                                                   {"optree", "0.20.0"},
                                                   {"odd", "not-a-version"},
                                                   {"torch", "2.13.0+cpu"}};

std::optional<std::string> unmet(const std::string& text) {
    return exportgate::unmet(parse_requirement(text).value(), installed);
}

TEST(Requirement, HoldsWhereTheVersionIsInTheRange) {
    EXPECT_EQ(unmet("optree"), std::nullopt);
    EXPECT_EQ(unmet("optree>=0.20,<0.21"), std::nullopt);
    EXPECT_EQ(unmet("torch==2.13.0"), std::nullopt);
    EXPECT_THAT(unmet("optree >= 0.21"),
                Optional(std::string("optree>=0.21 is asked for, 0.20.0 is installed")));
}

TEST(Requirement, SaysWhatIsNotInstalled) {
    EXPECT_THAT(unmet("transformers>=5"),
                Optional(std::string("transformers>=5 is not installed")));
    EXPECT_THAT(unmet("opt"), Optional(std::string("opt is not installed")));
}

TEST(Requirement, ComparesNamesAsPipDoes) {
    EXPECT_EQ(unmet("foo-bar_BAZ==1.2"), std::nullopt);
    EXPECT_TRUE(unmet("foobarbaz"));
}

TEST(Requirement, AVersionWithoutAnOrderFulfilsNoRange) {
    EXPECT_EQ(unmet("odd"), std::nullopt);
    EXPECT_TRUE(unmet("odd>=0"));
}

TEST(Requirement, RefusesWhatIsNone) {
    EXPECT_THAT(parse_requirement("").error().what, HasSubstr("name of a distribution"));
    EXPECT_THAT(parse_requirement(">=5").error().what, HasSubstr("name of a distribution"));
    EXPECT_FALSE(parse_requirement("transformers=5"));
    EXPECT_FALSE(parse_requirement("transformers[torch]"));
    EXPECT_FALSE(parse_requirement("a b>=x"));
}

}  // namespace
}  // namespace exportgate
