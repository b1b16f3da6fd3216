#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "samples.h"

namespace exportgate::report {
namespace {

using namespace samples;

nlohmann::json parsed(const Judged& judged) {
    return nlohmann::json::parse(json(judged));
}

TEST(Json, SaysWhatTheHeaderDocuments) {
    Judged judged = all_as_expected();
    observe(find(judged, "mine/plain/strict/named/b3"), exported("graph", CheckStatus::fail));
    verdict::add_problems(judged, {});
    const auto report = parsed(judged);
    EXPECT_EQ(report["format"], 1);
    EXPECT_EQ(report["exit_code"], 1);
    EXPECT_EQ(report["environment"]["torch_build"], "2.13.0+cpu");
    EXPECT_EQ(report["counts"], nlohmann::json::parse(R"({"as expected": 15, "regressed": 1})"));
    ASSERT_EQ(report["cells"].size(), 16U);
    const auto& cell = report["cells"][0];
    EXPECT_EQ(cell["name"], "mine/plain/strict/named/b3");
    EXPECT_EQ(cell["dims"], "named");
    EXPECT_EQ(cell["verdict"], "regressed");
    EXPECT_EQ(cell["fails"], true);
    EXPECT_EQ(cell["reasons"][0], "check run: pass -> fail: pair b4: NameError");
    EXPECT_EQ(cell["expected"]["since"], "2.13.0");
    EXPECT_EQ(cell["expected"]["file"], "exported-0123456789.txt");
    EXPECT_EQ(cell["observed"]["headline"], "exported, run fails");
    EXPECT_EQ(cell["observed"]["checks"][0],
              nlohmann::json::parse(
                  R"({"name": "run", "status": "fail", "reasons": ["pair b4: NameError"],
            "notes": [], "revision": 1})"));
    EXPECT_EQ(report["cells"][1]["fails"], false);
}

TEST(Json, WhatIsAbsentIsNull) {
    Judged judged = all_as_expected();
    make_new(judged.judgements[0]);
    make_unobserved(judged.judgements[1], "the worker died");
    const auto report = parsed(judged);
    EXPECT_TRUE(report["cells"][0]["expected"].is_null());
    EXPECT_TRUE(report["cells"][1]["observed"].is_null());
    EXPECT_EQ(report["cells"][1]["fails"], true);
}

TEST(Json, HoldsProblemsAndFailures) {
    Judged judged = all_as_expected();
    verdict::add_problems(judged, {{"last.jsonl", 3, "incomplete", "run again"}});
    verdict::add_orphans(judged, {{"golden/left.txt", 0, "not used", ""}});
    const auto report = parsed(judged);
    EXPECT_EQ(report["exit_code"], 2);
    EXPECT_EQ(report["problems"][0]["line"], 3);
    EXPECT_EQ(report["failures"][0]["what"], "not used");
}

TEST(Json, BytesThatAreNotUtf8DoNotBreakIt) {
    Judged judged = all_as_expected();
    judged.judgements[0].reasons = {verdict::Obstacle{"", "bad \xff byte"}};
    EXPECT_NO_THROW(parsed(judged));
}

}  // namespace
}  // namespace exportgate::report
