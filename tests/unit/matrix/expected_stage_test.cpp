#include <gmock/gmock.h>

#include "case_folder.h"

namespace exportgate::matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class ExpectedStage : public CaseFolder {
  protected:
    Case loaded(const std::string& line) {
        write("my_cache", line + "\n" + good_case);
        return load_case(cases / "my_cache" / "case.toml").value();
    }
};

TEST_F(ExpectedStage, IsOfAllKindsOrOfSome) {
    EXPECT_THAT(loaded("").expected_stages, IsEmpty());
    EXPECT_THAT(loaded("expected_stage = \"register\"").expected_stages,
                ElementsAre(Pair(Kind::plain, "register"), Pair(Kind::module, "register")));
    EXPECT_THAT(loaded("expected_stage = { module = \"construct\" }").expected_stages,
                ElementsAre(Pair(Kind::module, "construct")));
}

TEST_F(ExpectedStage, DoesNotChangeWhatIsAsked) {
    const Case one = loaded("expected_stage = \"register\"");
    Case other = one;
    other.expected_stages.clear();
    EXPECT_TRUE(one.asks_the_same(other));
}

TEST_F(ExpectedStage, IsAStageBeforeTheExport) {
    EXPECT_THAT(
        mistakes_of("expected_stage = \"registr\"\n" + good_case),
        ElementsAre(HasSubstr("case.toml:1: \"registr\" is no stage before the export (did you "
                              "mean \"register\"?)")));
    EXPECT_THAT(mistakes_of("expected_stage = \"export\"\n" + good_case),
                ElementsAre(HasSubstr("\"export\" is no stage before the export")));
    EXPECT_THAT(mistakes_of("expected_stage = true\n" + good_case),
                ElementsAre(HasSubstr("\"expected_stage\" is a boolean, expected a stage")));
}

TEST_F(ExpectedStage, NamesKindsOfTheCase) {
    EXPECT_THAT(mistakes_of("expected_stage = { native = \"import\", plain = 7 }\n" + good_case),
                testing::UnorderedElementsAre(
                    HasSubstr("expected_stage names \"native\", which is no kind of the case"),
                    HasSubstr("\"plain\" is an integer, expected a stage")));
}

TEST_F(ExpectedStage, StandsAboveTheTables) {
    EXPECT_THAT(mistakes_of(good_case + "expected_stage = \"import\"\n"),
                testing::Contains(HasSubstr("key \"expected_stage\" stands in [pairs]")));
}

TEST_F(CaseFolder, AToleranceWithWhichZerosAreRightIsRefused) {
    EXPECT_THAT(mistakes_of("tolerance = { rtol = 1.0, atol = 0.0 }\n" + good_case),
                ElementsAre(HasSubstr("case.toml:1: with an rtol of 1 a program that returns zeros "
                                      "is right")));
    EXPECT_THAT(mistakes_of("tolerance = { rtol = 0.5, atol = 0.0 }\n" + good_case), IsEmpty());
}

}  // namespace
}  // namespace exportgate::matrix
