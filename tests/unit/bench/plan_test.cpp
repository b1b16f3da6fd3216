#include "bench/plan.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace exportgate::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

matrix::Case case_named(const std::string& name) {
    matrix::Case one;
    one.name = name;
    one.directory = "/cases/" + name;
    one.class_name = "Cache";
    one.kinds = {matrix::Kind::plain};
    return one;
}

std::vector<matrix::Case> three_cases() {
    std::vector<matrix::Case> cases{case_named("kv_cache"), case_named("kv_cache_flat"),
                                    case_named("layers_2")};
    cases[0].bench = matrix::Bench{{1, 2, 32}, {1, 32}, 1.05, {}};
    cases[1].bench = matrix::Bench{};
    return cases;
}

std::vector<std::string> planned(const std::vector<std::string>& patterns) {
    const Result<Plan> made = plan(three_cases(), patterns, Layers::timed);
    if (!made) return {to_string(made.error())};
    std::vector<std::string> names;
    for (const PlannedCase& one : made->cases)
        names.push_back(one.declared.name);
    return names;
}

TEST(BenchPlan, HasTheCasesWithBenchUnlessOthersAreNamed) {
    EXPECT_THAT(planned({}), ElementsAre("kv_cache", "kv_cache_flat"));
    EXPECT_THAT(planned({"layers_2"}), ElementsAre("layers_2"));
    EXPECT_THAT(planned({"layers_2/flatten/*", "kv_cache"}), ElementsAre("kv_cache", "layers_2"));
    EXPECT_THAT(planned({"*/flatten/*"}), ElementsAre("kv_cache", "kv_cache_flat"));
}

TEST(BenchPlan, NamesTheBenchmarksThatAreWanted) {
    const std::vector<std::string> patterns{"kv_cache/flatten/*", "layers_2"};
    const Result<Plan> made = plan(three_cases(), patterns, Layers::timed);
    ASSERT_TRUE(made);
    EXPECT_THAT(made->names, ElementsAre("kv_cache/flatten/*", "layers_2/*"));
    EXPECT_THAT(plan(three_cases(), {}, Layers::timed)->names, IsEmpty());
}

TEST(BenchPlan, HasTheLayersThatAreTimedOrCompared) {
    EXPECT_THAT(plan(three_cases(), {}, Layers::timed)->cases[0].layers, ElementsAre(1, 2, 32));
    EXPECT_THAT(plan(three_cases(), {}, Layers::gated)->cases[0].layers, ElementsAre(1, 32));
    EXPECT_THAT(plan(three_cases(), {}, Layers::gated)->cases[1].layers, IsEmpty());
}

TEST(BenchPlan, OfWhatIsNotThereSaysWhatIs) {
    EXPECT_THAT(planned({"kv_cahce/flatten/*"}),
                ElementsAre(HasSubstr("no case is named by \"kv_cahce/flatten/*\" (did you mean "
                                      "\"kv_cache\"?)")));
    EXPECT_THAT(planned({"zzzzzz*"}),
                ElementsAre(HasSubstr("cases with a [bench]: kv_cache, kv_cache_flat")));
    EXPECT_THAT(to_string(plan(std::vector{case_named("a")}, {}, Layers::timed).error()),
                HasSubstr("no case has a [bench]"));
}

TEST(BenchPlan, IsAFileForTheWorker) {
    Plan made = *plan(three_cases(), {}, Layers::timed);
    made.environment = "default";
    made.seed = 7;
    const nlohmann::json json = nlohmann::json::parse(to_json(made));
    EXPECT_EQ(json.at("format"), 1);
    EXPECT_EQ(json.at("environment"), "default");
    EXPECT_EQ(json.at("seed"), 7);
    EXPECT_EQ(json.at("cases").at(0).at("layers"), nlohmann::json({1, 2, 32}));
    EXPECT_EQ(json.at("cases").at(0).at("directory"), "/cases/kv_cache");
    EXPECT_EQ(json.at("cases").at(1).at("declaration").at("class"), "Cache");
}

TEST(BenchThreshold, IsThatOfTheLastGlobThatMatches) {
    matrix::Case one = case_named("a");
    const Name call = *parse_name("a/call/native/program/layers:1");
    EXPECT_EQ(threshold_of(one, call), 1.05);
    one.bench = matrix::Bench{{}, {}, 1.2, {{"call/*", 1.1}, {"*/native/*", 1.3}}};
    EXPECT_EQ(threshold_of(one, call), 1.3);
    EXPECT_EQ(threshold_of(one, *parse_name("a/call/plain/program/layers:1")), 1.1);
    EXPECT_EQ(threshold_of(one, *parse_name("a/flatten/plain/fx/layers:1")), 1.2);
}

}  // namespace
}  // namespace exportgate::bench
