#include "base/torch_range.h"

#include <gmock/gmock.h>

namespace exportgate {
namespace {

bool holds(const std::string& range, const std::string& torch) {
    return TorchRange::parse(range).value().holds(TorchVersion::parse(torch).value());
}

TEST(TorchRange, EachOperatorAtItsEdge) {
    for (const auto& [op, below, at, above] :
         {std::tuple{"==", false, true, false}, std::tuple{"!=", true, false, true},
          std::tuple{"<=", true, true, false}, std::tuple{">=", false, true, true},
          std::tuple{"<", true, false, false}, std::tuple{">", false, false, true}}) {
        const std::string range = std::string(op) + "2.14.0";
        EXPECT_EQ(holds(range, "2.13.1"), below) << range;
        EXPECT_EQ(holds(range, "2.14.0"), at) << range;
        EXPECT_EQ(holds(range, "2.14.1"), above) << range;
    }
}

TEST(TorchRange, ACommaMeansAnd) {
    EXPECT_TRUE(holds(">=2.14.0,<2.16", "2.15.0"));
    EXPECT_FALSE(holds(">=2.14.0,<2.16", "2.16.0"));
    EXPECT_FALSE(holds(">=2.14.0,<2.16", "2.13.0"));
    EXPECT_FALSE(holds(" >= 2.14.0 , < 2.16 , != 2.15.0 ", "2.15.0"));
}

TEST(TorchRange, CandidatesComeBeforeTheirRelease) {
    EXPECT_FALSE(holds(">=2.16", "2.16.0rc3"));
    EXPECT_TRUE(holds("<2.16", "2.16.0rc3"));
    EXPECT_TRUE(holds(">=2.16.0.dev", "2.16.0.dev20270101"));
    EXPECT_TRUE(holds(">=2.16.0.dev", "2.16.0rc3"));
    EXPECT_TRUE(holds("==2.16", "2.16.0+cu128")) << "the local part is not compared";
}

std::string refusal(const std::string& range) {
    const auto parsed = TorchRange::parse(range);
    return parsed ? "" : parsed.error().what;
}

TEST(TorchRange, RefusesWhatIsNoRange) {
    const std::string head = " is not a range of torch releases: ";
    EXPECT_EQ(refusal(""), "\"\"" + head + "a condition is missing");
    EXPECT_EQ(refusal(">=2.14,"), "\">=2.14,\"" + head + "a condition is missing");
    EXPECT_EQ(refusal("2.14"), "\"2.14\"" + head + "\"2.14\" has no operator");
    EXPECT_EQ(refusal("~=2.14"), "\"~=2.14\"" + head + "\"~=2.14\" has no operator");
    EXPECT_EQ(refusal("==2.14.*"), "\"==2.14.*\"" + head + "\"2.14.*\" is not a version");
    EXPECT_EQ(refusal(">="), "\">=\"" + head + "\"\" is not a version");
    EXPECT_EQ(refusal("==2.14.1+cu130"),
              "\"==2.14.1+cu130\" names the build \"2.14.1+cu130\", and a range is of releases, of "
              "all their builds");
    EXPECT_EQ(refusal(">==2.14"), "\">==2.14\"" + head + "\"=2.14\" is not a version");
}

TEST(TorchRange, RefusesARangeThatHoldsNoRelease) {
    for (const char* empty : {">=2.16,<2.14", ">=2.14,<2.14", ">2.14,<=2.14", "==2.14,<2.14",
                              "==2.14,>2.14", "==2.14,==2.15", "==2.14,!=2.14"})
        EXPECT_EQ(refusal(empty), std::string("no torch release can be in \"") + empty + "\"");
    for (const char* one : {">=2.14,<=2.14", "==2.14,==2.14.0", "==2.14,>=2.14", "!=2.14"})
        EXPECT_EQ(refusal(one), "");
}

}  // namespace
}  // namespace exportgate
