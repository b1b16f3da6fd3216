// A waived difference in every form of report: shown as waived, never as green.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "report/upgrade_report.h"
#include "samples.h"

namespace exportgate::report {
namespace {

using namespace samples;
using testing::HasSubstr;
using testing::Not;

const std::string waived_cell = "mine/plain/strict/named/b3";
const std::string line =
    "regressed, waived until 2027-03-01: known & followed (https://example.org/7)";

Judged one_waived() {
    Judged judged = all_as_expected();
    Judgement& judgement = find(judged, waived_cell);
    observe(judgement, rejected("no"));
    judgement.waiver = verdict::Waived{"known & followed", "https://example.org/7",
                                       *parse_date("2027-03-01"), judgement.verdict};
    judgement.verdict = Verdict::waived;
    return judged;
}

TEST(WaivedReports, TheConsoleMarksExplainsAndCountsThem) {
    const std::string text = console(one_waived(), {});
    EXPECT_THAT(text, HasSubstr("\nplain   RwE "));
    EXPECT_THAT(text, HasSubstr("marked: w waived   unmarked: as expected"));
    EXPECT_THAT(text, HasSubstr("WAIVED  " + waived_cell + "\n  " + line + "\n  expected: "));
    EXPECT_THAT(text, HasSubstr("16 cells on torch 2.13.0: 1 waived, 15 as expected. PASSED\n"));
    EXPECT_THAT(text, Not(HasSubstr("exportgate accept")));
}

TEST(WaivedReports, DifferentWaiversHaveParagraphsOfTheirOwn) {
    Judged judged = one_waived();
    Judgement other = find(judged, waived_cell);
    other.cell = find(judged, "mine/plain/strict/named/b4").cell;
    other.waiver->reason = "another matter";
    find(judged, "mine/plain/strict/named/b4") = other;
    EXPECT_THAT(console(judged, {}), HasSubstr("another matter"));
}

TEST(WaivedReports, JunitSkipsThemWithTheReason) {
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(junit(one_waived()).c_str()));
    const auto skipped = document.select_node("//testcase[@name='plain/strict/named/b3']/skipped");
    ASSERT_TRUE(skipped);
    EXPECT_EQ(skipped.node().attribute("message").value(), line);
    EXPECT_THAT(skipped.node().text().get(), HasSubstr("exported -> rejected in export"));
    EXPECT_EQ(document.select_nodes("//skipped").size(), 1U);
    EXPECT_TRUE(document.select_nodes("//failure | //error").empty());
    EXPECT_STREQ(document.child("testsuites").attribute("skipped").value(), "1");
    EXPECT_STREQ(document.select_node("//testsuite").node().attribute("skipped").value(), "1");
}

TEST(WaivedReports, JsonHoldsTheWaiver) {
    const auto report = nlohmann::json::parse(json(one_waived()));
    EXPECT_EQ(report["counts"]["waived"], 1);
    const auto& first = report["cells"][0];
    EXPECT_EQ(first["verdict"], "waived");
    EXPECT_EQ(first["fails"], false);
    EXPECT_EQ(first["waiver"], nlohmann::json::parse(R"({"reason": "known & followed",
        "url": "https://example.org/7", "expires": "2027-03-01", "instead_of": "regressed"})"));
    EXPECT_TRUE(report["cells"][1]["waiver"].is_null());
}

TEST(WaivedReports, AnUpgradeSaysWhyItGoesAllTheSame) {
    verdict::Upgrade upgrade;
    upgrade.judged = one_waived();
    verdict::settle(upgrade);
    EXPECT_THAT(upgrade_console(upgrade, {}), HasSubstr("  - " + line + "\n"));
    EXPECT_THAT(upgrade_console(upgrade, {}), HasSubstr("GO, 1 cell waived"));
    EXPECT_THAT(upgrade_markdown(upgrade), HasSubstr("waived until 2027-03-01: known"));
    EXPECT_THAT(upgrade_junit(upgrade), HasSubstr("<skipped message=\"regressed, waived until"));
    const auto report = nlohmann::json::parse(upgrade_json(upgrade));
    EXPECT_EQ(report["cells"][0]["waiver"]["expires"], "2027-03-01");
}

}  // namespace
}  // namespace exportgate::report
