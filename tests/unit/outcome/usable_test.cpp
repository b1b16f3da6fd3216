#include "outcome/usable.h"

#include <gmock/gmock.h>

#include "outcome_case.h"

namespace exportgate::outcome {
namespace {

using matrix::DimsStyle;

/// An exported program of which the check `run` says `reasons`.
Outcome program(std::vector<std::string> reasons) {
    const auto status = reasons.empty() ? CheckStatus::pass : CheckStatus::fail;
    return {Status::exported, "exportgate graph 1\n", {{"run", status, std::move(reasons)}}};
}

bool raises(std::vector<std::string> reasons, DimsStyle style = DimsStyle::named) {
    return always_raises(program(std::move(reasons)), cache_case(), cell(style));
}

const std::string own = "pair b3c5: raises NameError: name 'L' is not defined";
const std::string other = "pair b4c11: raises NameError: name 'L' is not defined";

TEST(AlwaysRaises, WhereItRaisesAtEveryPair) {
    EXPECT_TRUE(raises({own, other}));
    EXPECT_TRUE(raises({own, "pair b4c11: refused: batch == 3"})) << "loud there, too";
    EXPECT_TRUE(raises({own}, DimsStyle::fixed)) << "a static program refuses the other pair";
}

TEST(AlwaysRaises, NotWhereItReturnsAnywhere) {
    EXPECT_FALSE(raises({}));
    EXPECT_FALSE(raises({own})) << "it is right at the other pair";
    EXPECT_FALSE(raises({other})) << "it is right at its own pair";
    EXPECT_FALSE(raises({own, "pair b4c11: differs from eager"}));
    EXPECT_FALSE(raises({own, other, "pair b4c11: mutates x"}));
    EXPECT_FALSE(raises({"pair b3c5: refused: batch == 4", other})) << "that raised nowhere else";
    EXPECT_FALSE(raises({own, "pair b4c11: accepted by a static program"}, DimsStyle::fixed));
}

TEST(AlwaysRaises, NotWhereTheCheckWasLeftOut) {
    Outcome without = program({own, other});
    without.checks.clear();
    EXPECT_FALSE(always_raises(without, cache_case(), cell()));
}

TEST(FailsByDeclaration, WhereTheProgramHasMoreThanIsDeclared) {
    const CheckResult check{
        "dims",
        CheckStatus::fail,
        {"position: declared length, got no constant", "x dim 1: declared 8, got s0"}};
    EXPECT_TRUE(fails_by_declaration(check));
}

TEST(FailsByDeclaration, NotWhereWhatWasAskedForIsLost) {
    CheckResult check{"dims",
                      CheckStatus::fail,
                      {"position: declared length, got no constant",
                       "x dim 0: asked \"batch\" 1..1024, got constant 3"}};
    EXPECT_FALSE(fails_by_declaration(check));
    check = {"run", CheckStatus::fail, {"pair b3c5: declared otherwise"}};
    EXPECT_FALSE(fails_by_declaration(check)) << "it compares values";
    check = {"dims", CheckStatus::pass, {}};
    EXPECT_FALSE(fails_by_declaration(check));
}

}  // namespace
}  // namespace exportgate::outcome
