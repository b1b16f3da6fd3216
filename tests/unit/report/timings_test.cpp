#include "report/timings.h"

#include <gmock/gmock.h>

namespace exportgate::report {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

record::Observation timed(const std::string& cell, std::map<std::string, double> timings_s) {
    record::Observation observation;
    observation.cell = cell;
    observation.timings_s = std::move(timings_s);
    return observation;
}

record::Record three_cells() {
    record::Record record;
    record.observations = {timed("mine/plain/strict/named/b3", {{"fork", 0.25},
                                                                {"export", 0.75},
                                                                {"check:run", 2},
                                                                {"check:bounds", 0.5},
                                                                {"total", 3.5},
                                                                {"child", 3.75}}),
                           timed("mine/plain/strict/named/b4",
                                 {{"export", 1}, {"check:run", 1}, {"total", 2}, {"child", 2.5}}),
                           timed("mine/plain/nonstrict/named/b3", {{"export", 8}, {"child", 9}})};
    record.footer = {true, "", 10, {{"import", 1.5}}};
    return record;
}

TEST(Timings, EachCheckHasItsSumMedianAndWorstCell) {
    const auto text = timings_table(three_cells(), 2);
    EXPECT_THAT(text, ContainsRegex("\n  run +2 +3\\.00 +2\\.000 +2\\.000 +mine/plain/strict/"
                                    "named/b3\n"));
    EXPECT_THAT(text, ContainsRegex("\n  bounds +1 +0\\.50 +0\\.500 +0\\.500"));
    EXPECT_THAT(text, ContainsRegex("\n  all checks +2 +3\\.50 "));
    EXPECT_LT(text.find("\n  run"), text.find("\n  bounds")) << "what takes most is first";
}

TEST(Timings, ACellWithItsChecksIsMeasuredByItsExportAlone) {
    // 3.5 / 1 and 2 / 1; the cell without checks does not count.
    EXPECT_THAT(timings_table(three_cells(), 2),
                HasSubstr("takes 3.5 x its export alone (median of 2 cells), at worst 3.5 x: "
                          "mine/plain/strict/named/b3\n"));
    auto slow = three_cells();
    slow.observations[1].timings_s["check:registry"] = 5;
    EXPECT_THAT(timings_table(slow, 2), HasSubstr("at worst 7.0 x: mine/plain/strict/named/b4\n"));
}

TEST(Timings, AProgramOfAnotherTorchIsNoCheckOfTheCell) {
    auto record = three_cells();
    for (auto& observation : record.observations)
        observation.timings_s["check:earlier"] = 7;
    const auto text = timings_table(record, 2);
    EXPECT_THAT(text, ContainsRegex("\n  earlier +3 +21\\.00 "));
    EXPECT_THAT(text, ContainsRegex("\n  all checks +2 +3\\.50 "));
    EXPECT_THAT(text, HasSubstr("takes 3.5 x its export alone (median of 2 cells)"));
}

TEST(Timings, SumsAreNoStages) {
    const auto text = timings_table(three_cells(), 2);
    EXPECT_THAT(text, HasSubstr("15.25   (checks 3.50, export 9.75, fork 0.25)\n"));
    EXPECT_THAT(text, HasSubstr("10.00   1.10 x (start-up + children / jobs)\n"));
}

TEST(Timings, WithoutChecksNothingIsSaidOfThem) {
    auto record = three_cells();
    record.observations.erase(record.observations.begin(), record.observations.begin() + 2);
    EXPECT_THAT(timings_table(record, 1), Not(HasSubstr("check")));
}

}  // namespace
}  // namespace exportgate::report
