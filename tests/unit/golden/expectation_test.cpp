#include <gmock/gmock.h>

#include "samples.h"

namespace exportgate::golden {
namespace {

using namespace samples;
using testing::HasSubstr;

struct Given {
    std::string since;
    outcome::Outcome outcome;
    std::string when = "";
};

Golden golden_of(const std::vector<std::string>& recorded, const std::vector<Given>& rows) {
    Golden golden;
    golden.case_name = "mine";
    for (const std::string& release : recorded)
        golden.recorded.push_back(*TorchVersion::parse(release));
    for (const Given& row : rows) {
        golden.rows.push_back({named_cell, *TorchVersion::parse(row.since), row.when, row.outcome,
                               "", "seen " + row.since});
    }
    return golden;
}

/// The body of the expected text in `environment`, or "none: " and why.
std::string expects(const Golden& golden, const record::Environment& environment) {
    const Expectation expectation = expected(golden, cell(named_cell), environment);
    if (expectation.row == nullptr) return "none: " + expectation.explanation;
    return expectation.row->outcome == a ? "a" : "b";
}

std::string explains(const Golden& golden, const std::string& release) {
    return expected(golden, cell(named_cell), torch(release)).explanation;
}

TEST(Expectation, ARecordedReleaseHasTheRowThatHoldsSince) {
    const Golden golden = golden_of({"2.6.0", "2.9.1", "2.13.0"}, {{"2.6.0", a}, {"2.13.0", b}});
    EXPECT_EQ(expects(golden, torch("2.6.0")), "a");
    EXPECT_EQ(expects(golden, torch("2.9.1")), "a");
    EXPECT_EQ(expects(golden, torch("2.13.0")), "b");
    EXPECT_EQ(explains(golden, "2.13.0"), "since 2.13.0: seen 2.13.0");
}

TEST(Expectation, ALaterReleaseInheritsAndSaysSo) {
    const Golden golden = golden_of({"2.6.0", "2.13.0"}, {{"2.6.0", a}});
    EXPECT_EQ(expects(golden, torch("2.14.0")), "a");
    EXPECT_EQ(explains(golden, "2.14.0"),
              "since 2.6.0 (inherited from 2.13.0, the last recorded release): seen 2.6.0");
    const auto inherited_from = [&](const std::string& release) {
        return expected(golden, cell(named_cell), torch(release)).inherited_from;
    };
    EXPECT_EQ(inherited_from("2.14.0"), "2.13.0");
    EXPECT_EQ(inherited_from("2.9.1"), "2.6.0");
    EXPECT_EQ(inherited_from("2.13.0"), "");
}

TEST(Expectation, AnEarlierReleaseHasNone) {
    const Golden golden = golden_of({"2.6.0", "2.13.0"}, {{"2.6.0", a}});
    EXPECT_THAT(expects(golden, torch("2.5.1")),
                HasSubstr("none: torch 2.5.1 is earlier than 2.6.0"));
}

TEST(Expectation, AnUnrecordedReleaseBetweenDifferentRowsHasNone) {
    const Golden golden = golden_of({"2.6.0", "2.13.0"}, {{"2.6.0", a}, {"2.13.0", b}});
    EXPECT_THAT(expects(golden, torch("2.9.1")),
                HasSubstr("none: torch 2.9.1 was never recorded, and 2.6.0 and 2.13.0 around it "
                          "expect different"));
}

TEST(Expectation, AnUnrecordedReleaseBetweenEqualRowsHasThem) {
    const Golden same_row = golden_of({"2.6.0", "2.13.0"}, {{"2.6.0", a}});
    EXPECT_EQ(expects(same_row, torch("2.9.1")), "a");
    EXPECT_THAT(explains(same_row, "2.9.1"), HasSubstr("expect the same"));
    const Golden equal_rows = golden_of({"2.6.0", "2.13.0"}, {{"2.6.0", a}, {"2.13.0", a}});
    EXPECT_EQ(expects(equal_rows, torch("2.9.1")), "a");
}

TEST(Expectation, FollowsTheOrderOfPep440) {
    const Golden golden = golden_of({"2.13.0", "2.14.0"}, {{"2.13.0", a}, {"2.14.0", b}});
    EXPECT_THAT(expects(golden, torch("2.14.0.dev20261101")), HasSubstr("never recorded"));
    EXPECT_THAT(expects(golden, torch("2.14.0rc2")), HasSubstr("never recorded"));
    EXPECT_EQ(expects(golden, torch("2.14.0+cu128")), "b");
}

TEST(Expectation, ACellWithoutRowsHasNone) {
    const Golden golden = golden_of({"2.13.0"}, {{"2.13.0", a}});
    const Expectation other = expected(golden, cell(auto_cell), torch("2.13.0"));
    EXPECT_EQ(other.row, nullptr);
    EXPECT_EQ(other.explanation, "no outcome was ever accepted for this cell");
}

TEST(Expectation, ARowWithAConditionGoesBeforeTheOneWithout) {
    const Golden golden = golden_of({"2.13.0"}, {{"2.13.0", a}, {"2.13.0", b, "python>=3.12"}});
    EXPECT_EQ(expects(golden, torch("2.13.0", "3.11.2")), "a");
    EXPECT_EQ(expects(golden, torch("2.13.0", "3.12.1")), "b");
}

TEST(Expectation, ALaterRowGoesBeforeAConditionOfAnEarlierOne) {
    const Golden golden =
        golden_of({"2.9.1", "2.13.0"}, {{"2.9.1", b, "python>=3.12"}, {"2.13.0", a}});
    EXPECT_EQ(expects(golden, torch("2.13.0", "3.12.1")), "a");
    EXPECT_EQ(expects(golden, torch("2.9.1", "3.12.1")), "b");
    EXPECT_THAT(expects(golden, torch("2.9.1", "3.11.2")),
                HasSubstr("none: no row of this cell holds"));
}

TEST(Expectation, TwoConditionsThatBothHoldAreNoExpectation) {
    const Golden golden = golden_of(
        {"2.13.0"}, {{"2.13.0", a}, {"2.13.0", b, "numpy==2.1.0"}, {"2.13.0", a, "python>=3.9"}});
    EXPECT_THAT(expects(golden, torch("2.13.0")), HasSubstr("none: two rows"));
}

TEST(Expectation, AConditionOnTheOtherSideOfAGapCounts) {
    // Between 2.6.0 and 2.13.0 both sides expect the same on Python 3.11, and differ on 3.12.
    const Golden golden =
        golden_of({"2.6.0", "2.13.0"}, {{"2.6.0", a}, {"2.13.0", b, "python>=3.12"}});
    EXPECT_EQ(expects(golden, torch("2.9.1", "3.11.2")), "a");
    EXPECT_THAT(expects(golden, torch("2.9.1", "3.12.0")), HasSubstr("none: "));
}

}  // namespace
}  // namespace exportgate::golden
