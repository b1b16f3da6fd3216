// The check dims where a case asks for more than the name of a dim: "2*length", relations, numbers.
#include <gmock/gmock.h>

#include "outcome_case.h"

namespace exportgate::outcome {
namespace {

using matrix::DimsStyle;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DimsOfExpressions : public ::testing::Test {
  protected:
    /// The reasons of the check, of a program whose first cache tensor has another annotation.
    std::vector<std::string> reasons(const std::string& key_cache,
                                     DimsStyle style = DimsStyle::named) {
        const std::string print =
            with(recorded_print("cache_named_strict"), "dc_key_cache_0: \"f32[s27, 8, s61, 6]\"",
                 "dc_key_cache_0: " + key_cache);
        return outcome_of(exported(print), cell(style), asked_).checks.at(0).reasons;
    }

    void relate(const std::string& text) {
        asked_.relations.push_back(matrix::Relation::parse(text).value());
    }

    void add_dim(const std::string& name, std::int64_t at_b3c5, std::int64_t at_b4c11) {
        asked_.dims.push_back({name, 1, 2048});
        asked_.pairs[0].extents[name] = at_b3c5;
        asked_.pairs[1].extents[name] = at_b4c11;
    }

    matrix::Case asked_ = cache_case();
};

TEST_F(DimsOfExpressions, TwiceADimIsTwiceItsSymbol) {
    asked_.inputs[1].shape[2] = "2*clength";
    EXPECT_THAT(reasons("\"f32[s27, 8, 2*s61, 6]\""), IsEmpty());
    EXPECT_THAT(reasons("\"f32[s27, 8, 2*s61 + 1, 6]\""),
                ElementsAre("dc.key_cache[0] dim 2: asked \"2*clength\", 2*s1, got 2*s1 + 1"));
    EXPECT_THAT(reasons("\"f32[s27, 8, 10, 6]\""),
                ElementsAre("dc.key_cache[0] dim 2: asked \"2*clength\", got constant 10"));
    EXPECT_THAT(reasons("\"f32[s27, 8, s61, 6]\"", DimsStyle::automatic), IsEmpty());
}

TEST_F(DimsOfExpressions, ADimMayStandInExpressionsOnly) {
    add_dim("length", 5, 11);
    asked_.inputs[1].shape[2] = "2*length";
    asked_.inputs[2].shape[2] = "2*length";
    asked_.dims[2].max = 1024;
    const auto both = [](const std::string& extent) {
        const std::string whole = recorded_print("cache_named_strict");
        return with(whole, "\"f32[s27, 8, s61, 6]\"", "\"f32[s27, 8, " + extent + ", 6]\"");
    };
    EXPECT_THAT(outcome_of(exported(both("2*s61")), cell(), asked_).checks.at(0).reasons,
                IsEmpty());
    asked_.inputs[2].shape[2] = "clength";
    EXPECT_THAT(reasons("\"f32[s27, 8, 2*s61, 6]\""),
                ::testing::Contains(::testing::HasSubstr("got the symbol of \"clength\"")))
        << "one symbol for two names";
}

TEST_F(DimsOfExpressions, ADimThatARelationDefinesIsThatExpression) {
    add_dim("packed", 10, 22);
    relate("packed == 2*clength");
    asked_.inputs[1].shape[2] = "packed";
    EXPECT_THAT(reasons("\"f32[s27, 8, 2*s61, 6]\""), IsEmpty());
    EXPECT_THAT(reasons("\"f32[s27, 8, 3*s61, 6]\""),
                ElementsAre("dc.key_cache[0] dim 2: asked \"packed\" 1..2048, got the expression "
                            "3*s1"));
    EXPECT_THAT(reasons("\"f32[s27, 8, 10, 6]\""),
                ElementsAre("dc.key_cache[0] dim 2: asked \"packed\" 1..2048, got constant 10"));
}

TEST_F(DimsOfExpressions, ASumOfTwoDimsIsTheirSumOrASymbol) {
    asked_.inputs[1].shape[2] = "batch + clength";
    EXPECT_THAT(reasons("\"f32[s27, 8, s27 + s61, 6]\""), IsEmpty());
    EXPECT_THAT(reasons("\"f32[s27, 8, s61 + s27, 6]\""), IsEmpty());
    EXPECT_THAT(reasons("\"f32[s27, 8, s5, 6]\""), IsEmpty()) << "torch's Dim cannot say the sum";
    EXPECT_THAT(reasons("\"f32[s27, 8, s61, 6]\""),
                ElementsAre("dc.key_cache[0] dim 2: asked \"batch + clength\", s0 + s1, got s1"));
    EXPECT_THAT(reasons("\"f32[s27, 8, 8, 6]\""),
                ElementsAre("dc.key_cache[0] dim 2: asked \"batch + clength\", got constant 8"));
}

TEST_F(DimsOfExpressions, AShapesSpecSaysSumsAndRanges) {
    EXPECT_THAT(reasons("\"f32[s27, 8, s61, 6]\"", DimsStyle::spec), IsEmpty());
    EXPECT_THAT(
        reasons("\"f32[s27, 8, 5, 6]\"", DimsStyle::spec),
        ElementsAre("dc.key_cache[0] dim 2: asked spec \"clength\" 1..1024, got constant 5"));
    asked_.inputs[1].shape[2] = "batch + clength";
    EXPECT_THAT(reasons("\"f32[s27, 8, s27 + s61, 6]\"", DimsStyle::spec), IsEmpty());
    EXPECT_THAT(reasons("\"f32[s27, 8, s5, 6]\"", DimsStyle::spec),
                ElementsAre(::testing::HasSubstr("asked \"batch + clength\", s0 + s2, got s1")));
}

TEST_F(DimsOfExpressions, ANumberIsDynamicWhereThatIsAsked) {
    asked_.inputs[1] = {.name = "position",
                        .shape = {},
                        .constant = matrix::ExtentValue{"clength"},
                        .is_dynamic = true};
    const std::string number = "\"Sym(s5)\"";
    for (const DimsStyle style : {DimsStyle::named, DimsStyle::automatic, DimsStyle::dynamic})
        EXPECT_THAT(reasons(number, style), IsEmpty());
    const std::string print = with(recorded_print("cache_named_strict"),
                                   "dc_key_cache_0: \"f32[s27, 8, s61, 6]\"", "dc_key_cache_0");
    EXPECT_THAT(outcome_of(exported(print), cell(), asked_).checks.at(0).reasons,
                ElementsAre("position: asked dynamic clength, got a constant"));
    EXPECT_THAT(reasons("\"f32[s27]\""),
                ElementsAre("position: asked dynamic clength, got a tensor"));
    EXPECT_THAT(reasons(number, DimsStyle::fixed),
                ::testing::Contains("position: declared clength, got no constant"));
    // Not asked for in case.toml, by a hook for instance: it follows the dim all the same.
    asked_.inputs[1].is_dynamic = false;
    EXPECT_THAT(reasons(number), IsEmpty());
    EXPECT_THAT(reasons(number, DimsStyle::fixed),
                ::testing::Contains("position: declared clength, got no constant"));
    asked_.inputs[1].constant = std::int64_t{5};
    EXPECT_THAT(reasons(number), ElementsAre("position: declared 5, got no constant"));
}

}  // namespace
}  // namespace exportgate::outcome
