#include "bench/session_json.h"

#include <gmock/gmock.h>

#include "bench/gate.h"
#include "sessions.h"

namespace exportgate::bench {
namespace {

using testing::HasSubstr;

Session some_session() {
    Series lost;
    lost.name = *parse_name("kv_cache/flatten/plain/cxx_pytree/layers:1");
    lost.not_measured = "optree cannot be imported";
    lost.not_against = "optree is too old";
    Series broken = quiet("kv_cache/flatten/module/pytree/layers:1");
    broken.failed = "raised \"ValueError\"";
    broken.threshold = 1.1;
    return session_of({slow("kv_cache/flatten/plain/pytree/layers:32"), lost, broken});
}

std::string problem_of(const std::string& text) {
    const Result<Session> session = parse_session(text, "s.json");
    return session ? "it was read" : to_string(session.error());
}

std::string with(std::string text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

TEST(SessionJson, HoldsAllThatJudgingTakes) {
    const Session session = some_session();
    const Result<Session> read = parse_session(to_json(session), "s.json");
    ASSERT_TRUE(read) << to_string(read.error());
    EXPECT_EQ(read->benchmarks, session.benchmarks);
    EXPECT_EQ(read->same_code, session.same_code);
    EXPECT_EQ(to_json(*read), to_json(session));
    EXPECT_EQ(judge(*read).verdict, judge(session).verdict);
}

TEST(SessionJson, BeginsWithItsFormatAndHasABenchmarkALine) {
    const std::string text = to_json(some_session());
    EXPECT_TRUE(text.starts_with("{\"exportgate_bench_session\": 1,\n")) << text;
    EXPECT_THAT(text, HasSubstr("\n{\"name\":\"kv_cache/flatten/plain/pytree/layers:32\","));
}

TEST(SessionJson, OneThatWasCutOffIsNone) {
    const std::string text = to_json(some_session());
    EXPECT_THAT(problem_of(text.substr(0, text.size() / 2)), HasSubstr("cut off"));
    EXPECT_THAT(problem_of(""), HasSubstr("s.json:1: not JSON"));
    EXPECT_THAT(problem_of("[]"), HasSubstr("not a session"));
}

TEST(SessionJson, AMeasurementIsToldApart) {
    EXPECT_THAT(problem_of(R"({"context": {}, "benchmarks": []})"),
                HasSubstr("a measurement of one environment"));
}

TEST(SessionJson, AnotherFormatIsRefused) {
    const std::string text = with(to_json(some_session()), "session\": 1", "session\": 2");
    EXPECT_THAT(problem_of(text), HasSubstr("a session of format 2, expected 1"));
}

TEST(SessionJson, WhatIsNotUnderstoodIsNeverPassedOver) {
    const std::string text = to_json(some_session());
    EXPECT_THAT(problem_of(with(text, "\"seed\": 7", "\"sead\": 7")), HasSubstr("no \"seed\""));
    EXPECT_THAT(problem_of(with(text, "\"seed\": 7", "\"seed\": 7, \"salt\": 1")),
                HasSubstr("unknown key \"salt\""));
    EXPECT_THAT(problem_of(with(text, "\"threshold\":1.05", "\"threshold\":0.9")),
                HasSubstr("a threshold that is not above 1"));
    EXPECT_THAT(problem_of(with(text, "[1100000,1000000]", "[1100000,0]")),
                HasSubstr("a pair that is not two times in ns"));
    EXPECT_THAT(problem_of(with(text, "[1100000,1000000],", "")),
                HasSubstr("a launch of 2 pairs, the session has 3 a launch"));
    EXPECT_THAT(problem_of(with(text, "\"iterations\":100", "\"iterations\":0")),
                HasSubstr("blocks of 0 calls"));
    EXPECT_THAT(problem_of(with(text, "plain/cxx_pytree/layers:1", "plain/pytree/layers:32")),
                HasSubstr("twice"));
    EXPECT_THAT(problem_of(with(text, "\"launches\": 5", "\"launches\": 0")),
                HasSubstr("expected 1 to"));
}

}  // namespace
}  // namespace exportgate::bench
