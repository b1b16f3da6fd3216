#include <gmock/gmock.h>

#include "case_folder.h"

namespace exportgate::matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class BenchTable : public CaseFolder {
  protected:
    Bench read(const std::string& table) {
        write("my_cache", good_case + table);
        const auto one = load_case(cases / "my_cache" / "case.toml");
        EXPECT_TRUE(one) << to_string(one.error().front());
        return one ? one->bench.value() : Bench{};
    }
};

TEST_F(BenchTable, IsOptional) {
    write("my_cache", good_case);
    EXPECT_FALSE(load_case(cases / "my_cache" / "case.toml")->bench);
}

TEST_F(BenchTable, HoldsLayersGateAndThresholds) {
    const Bench bench = read(R"(
[bench]
layers = [32, 1, 2]
gate = [32, 1]
threshold = 1.1
[bench.thresholds]
"call/*" = 1.2
"*/native/*" = 2
)");
    EXPECT_THAT(bench.layers, ElementsAre(1, 2, 32));
    EXPECT_THAT(bench.gate, ElementsAre(1, 32));
    EXPECT_EQ(bench.threshold, 1.1);
    EXPECT_THAT(bench.thresholds, ElementsAre(Pair("call/*", 1.2), Pair("*/native/*", 2.0)));
}

TEST_F(BenchTable, LeavesOutMeansAllLayersAndTheUsualThreshold) {
    const Bench bench = read("[bench]\nlayers = [1, 8]\n");
    EXPECT_THAT(bench.gate, ElementsAre(1, 8));
    EXPECT_EQ(bench.threshold, 1.05);
    EXPECT_THAT(read("[bench]\n").layers, ElementsAre());
}

TEST_F(BenchTable, DoesNotChangeWhatIsAsked) {
    write("my_cache", good_case + "[bench]\nlayers = [1]\n");
    const Case with_bench = load_case(cases / "my_cache" / "case.toml").value();
    Case without = with_bench;
    without.bench.reset();
    EXPECT_TRUE(with_bench.asks_the_same(without));
}

TEST_F(BenchTable, EveryMistakeHasItsLine) {
    const auto mistakes = mistakes_of(good_case + R"([bench]
layer = [1]
layers = [0, 1, 1, "2"]
gate = [1, 32]
threshold = 0.95
[bench.thresholds]
"call/*" = "1.1"
)");
    EXPECT_THAT(
        mistakes,
        ElementsAre(HasSubstr("case.toml:22: unknown key \"layer\" in [bench] (did you mean "
                              "\"layers\"?)"),
                    HasSubstr("case.toml:23: layers holds 0, expected 1 to 10000"),
                    HasSubstr("case.toml:23: layers holds 1 twice"),
                    HasSubstr("case.toml:23: a number of layers in layers is a string"),
                    HasSubstr("case.toml:24: gate holds 32, which is not among layers"),
                    HasSubstr("case.toml:25: the threshold \"threshold\" is not a number above 1"),
                    HasSubstr("case.toml:27: the threshold \"call/*\" is not a number above 1")));
}

TEST_F(BenchTable, LayersNeedALeafOfLayer0) {
    std::string toml = good_case + "[bench]\nlayers = [1]\n";
    toml.replace(toml.find("dc.key_cache[0]"), 15, "dc.key_cache[1]");
    EXPECT_THAT(mistakes_of(toml), ElementsAre(HasSubstr("no leaf of the inputs is of a layer 0")));
}

TEST_F(BenchTable, OfAnotherTypeIsRefused) {
    EXPECT_THAT(mistakes_of("bench = 1\n" + good_case),
                ElementsAre(HasSubstr("case.toml:1: bench is an integer, expected a table")));
    EXPECT_THAT(mistakes_of(good_case + "[bench]\nlayers = 3\n"),
                ElementsAre(HasSubstr("layers is an integer, expected an array")));
    EXPECT_THAT(mistakes_of(good_case + "[bench]\nlayers = []\n"),
                ElementsAre(HasSubstr("layers is empty")));
}

}  // namespace
}  // namespace exportgate::matrix
