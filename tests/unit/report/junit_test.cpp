#include <gmock/gmock.h>

#include <pugixml.hpp>

#include "samples.h"

namespace exportgate::report {
namespace {

using namespace samples;
using testing::AllOf;
using testing::HasSubstr;

pugi::xml_document parsed_xml(const Judged& judged) {
    pugi::xml_document document;
    const std::string text = junit(judged);
    const auto result = document.load_buffer(text.data(), text.size());
    EXPECT_TRUE(result) << result.description();
    return document;
}

pugi::xml_node testcase(const pugi::xml_document& document, const std::string& name) {
    const auto path = "//testcase[@name='" + name + "']";
    return document.select_node(path.c_str()).node();
}

TEST(Junit, HasATestcaseForEachCell) {
    const auto document = parsed_xml(all_as_expected());
    EXPECT_EQ(
        document.select_nodes("/testsuites/testsuite[@name='mine']/testcase[@classname='mine']")
            .size(),
        16U);
    const auto suite = document.select_node("/testsuites/testsuite").node();
    EXPECT_STREQ(suite.attribute("tests").value(), "16");
    EXPECT_STREQ(suite.attribute("failures").value(), "0");
    EXPECT_STREQ(suite.attribute("time").value(), "4.000");
    EXPECT_STREQ(
        document.select_node("//property[@name='torch']").node().attribute("value").value(),
        "2.13.0+cpu");
    EXPECT_TRUE(document.select_nodes("//failure | //error").empty());
}

TEST(Junit, AFailureHasVerdictReasonAndDiff) {
    Judged judged = all_as_expected();
    observe(find(judged, "mine/plain/strict/named/b3"), exported("another graph"));
    const auto document = parsed_xml(judged);
    const auto failure = testcase(document, "plain/strict/named/b3").child("failure");
    EXPECT_STREQ(failure.attribute("type").value(), "changed");
    EXPECT_STREQ(failure.attribute("message").value(), "the exported program differs");
    EXPECT_THAT(failure.text().get(),
                AllOf(HasSubstr("+another graph"), HasSubstr("exportgate show mine/plain")));
    EXPECT_STREQ(document.child("testsuites").attribute("failures").value(), "1");
}

TEST(Junit, WhatCouldNotBeJudgedIsAnError) {
    Judged judged = all_as_expected();
    make_unobserved(find(judged, "mine/plain/strict/named/b3"), "the worker died");
    const auto document = parsed_xml(judged);
    const auto error = testcase(document, "plain/strict/named/b3").child("error");
    EXPECT_STREQ(error.attribute("message").value(), "the worker died");
    EXPECT_STREQ(document.child("testsuites").attribute("errors").value(), "1");
}

TEST(Junit, AnErrorOfTheCaseIsAnErrorAndNoFailure) {
    Judged judged = all_as_expected();
    make_case_error(find(judged, "mine/plain/strict/named/b3"));
    const auto document = parsed_xml(judged);
    const auto error = testcase(document, "plain/strict/named/b3").child("error");
    EXPECT_STREQ(error.attribute("type").value(), "case error");
    EXPECT_THAT(error.attribute("message").value(), HasSubstr("fails before export: construct"));
    EXPECT_STREQ(document.child("testsuites").attribute("errors").value(), "1");
    EXPECT_STREQ(document.child("testsuites").attribute("failures").value(), "0");
}

TEST(Junit, ProblemsAndOrphansAreTestcases) {
    Judged judged = all_as_expected();
    verdict::add_problems(judged, {{"last.jsonl", 0, "incomplete", "run again"}});
    verdict::add_orphans(
        judged, {{"golden/left.txt", 0, "not used", ""}, {"golden/left.txt", 0, "twice", ""}});
    const auto document = parsed_xml(judged);
    const auto suite = document.select_node("/testsuites/testsuite[@name='(exportgate)']").node();
    EXPECT_STREQ(suite.attribute("tests").value(), "3");
    EXPECT_STREQ(suite.select_node("testcase/error").node().attribute("message").value(),
                 "incomplete");
    EXPECT_EQ(suite.select_nodes("testcase/failure").size(), 2U);
    EXPECT_STREQ(document.child("testsuites").attribute("tests").value(), "19");
}

TEST(Junit, HoldsNoCharacterThatXmlForbids) {
    Judged judged = all_as_expected();
    Judgement& judgement = find(judged, "mine/plain/strict/named/b3");
    observe(judgement, rejected("bell \x07 escape \x1b[31m nul " + std::string(1, '\0') +
                                " <tag> & \xff\xfe ü"));
    judgement.reasons = {verdict::Obstacle{"", "reason \x01 & \"quoted\""}};
    const std::string text = junit(judged);
    EXPECT_EQ(text.find_first_of("\x07\x1b\x01\xff"), std::string::npos);
    EXPECT_EQ(text.find('\0'), std::string::npos);
    EXPECT_THAT(text, testing::Not(testing::ContainsRegex("&#0?[0-8];|&#1[0-9];|&#2[0-9];")));
    const auto document = parsed_xml(judged);
    EXPECT_THAT(testcase(document, "plain/strict/named/b3").child("failure").text().get(),
                AllOf(HasSubstr("<tag> & "), HasSubstr("ü")));
}

}  // namespace
}  // namespace exportgate::report
