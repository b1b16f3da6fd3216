#include <gmock/gmock.h>

#include "graph/graph.h"
#include "outcome_case.h"

namespace exportgate::outcome {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr const char* unreadable = "ExportedProgram:\n  nonsense\n";

CheckResult judged_check(const record::Exported& seen, const std::string& name,
                         const matrix::Case& asked = cache_case()) {
    for (const CheckResult& check : outcome_of(seen, cell(), asked).checks) {
        if (check.name == name) return check;
    }
    ADD_FAILURE() << name;
    return {};
}

std::vector<std::string> reasons(const record::Exported& seen, const std::string& name) {
    const CheckResult check = judged_check(seen, name);
    EXPECT_EQ(check.status, check.reasons.empty() ? CheckStatus::pass : CheckStatus::fail);
    return check.reasons;
}

void report(record::Exported& seen, const std::string& name, CheckStatus status,
            std::vector<std::string> said) {
    for (record::CheckObservation& check : seen.checks) {
        if (check.name == name) check = {name, status, std::move(said)};
    }
}

class FurtherProgram : public ::testing::Test {
  protected:
    const std::string print_ = recorded_print("cache_named_strict");
    record::Exported seen_ = exported(print_);
};

TEST_F(FurtherProgram, MaySpellTheSameStructureInAnotherWay) {
    const std::string of_2_6 = recorded_print("cache_named_strict", "2.6.0");
    seen_.loaded = seen_.retraced = seen_.decomposed = of_2_6;
    for (const char* check : {"save_load", "decompose", "retrace"})
        EXPECT_THAT(reasons(seen_, check), IsEmpty()) << check;
}

TEST_F(FurtherProgram, LoadedMayHaveAKeywordWhereTheExportedHasAPosition) {
    seen_.loaded = with(print_, "[2], True)", "[2], keepdim = True)");  // torch 2.6
    EXPECT_THAT(reasons(seen_, "save_load"), IsEmpty());
    seen_.loaded = with(print_, "[2], True)", "[2], keepdim = False)");
    EXPECT_THAT(reasons(seen_, "save_load"),
                ElementsAre(StartsWith("the loaded program has another structure")));
    seen_ = exported(with(print_, "[2], True)", "[2], other = True)"));
    seen_.loaded = with(print_, "[2], True)", "[2], keepdim = True)");
    EXPECT_THAT(reasons(seen_, "save_load"),
                ElementsAre(StartsWith("the loaded program has another structure")));
}

TEST_F(FurtherProgram, IsReadWithTheSchemasOfItsTorch) {
    seen_.loaded = with(print_, "[2], True)", "[2])");
    EXPECT_THAT(reasons(seen_, "save_load"),
                ElementsAre(StartsWith("the loaded program has another structure")));
    seen_.facts =
        R"({"revision": 1, "schemas": {"aten.sum.dim_IntList": "aten::sum.dim_IntList(Tensor self, )"
        R"(int[1]? dim, bool keepdim=True, *, ScalarType? dtype=None) -> Tensor"}})";
    EXPECT_THAT(reasons(seen_, "save_load"), IsEmpty());
}

TEST_F(FurtherProgram, LoadedWithAnotherStructureFailsThoughItRan) {
    seen_.loaded = with(print_, "s61: VR[1, 1024]", "s61: VR[1, 9]");
    EXPECT_THAT(reasons(seen_, "save_load"),
                ElementsAre("the loaded program has another structure: symbol s1: range 1..1024 -> "
                            "1..9"));
    seen_.loaded = with(print_, "aten.sum.dim_IntList", "aten.mean.dim");
    EXPECT_THAT(reasons(seen_, "save_load"),
                ElementsAre(StartsWith("the loaded program has another structure: ")));
    seen_.loaded = with(print_, "dc_value_cache_0: USER_INPUT",
                        "dc_value_cache_0: CONSTANT_TENSOR target='c'");
    EXPECT_THAT(reasons(seen_, "save_load"),
                ElementsAre(HasSubstr("input 2: USER_INPUT -> CONSTANT_TENSOR")));
    EXPECT_THAT(reasons(seen_, "decompose"), IsEmpty());
    EXPECT_THAT(reasons(seen_, "retrace"), IsEmpty());
}

TEST_F(FurtherProgram, DecomposedMayDoTheSameWithOtherOperators) {
    seen_.decomposed = with(print_, "aten.sum.dim_IntList", "aten.mean.dim");
    const Outcome outcome = outcome_of(seen_);
    EXPECT_EQ(headline(outcome), "exported");
    EXPECT_THAT(outcome.decomposed, StartsWith("exportgate graph 2\n"));
    EXPECT_THAT(outcome.decomposed, HasSubstr("aten.mean.dim"));
    EXPECT_THAT(outcome.decomposed, HasSubstr("\"batch\"  1..1024\n")) << "with the dims' names";
    EXPECT_EQ(outcome.decomposed.back(), '\n');
    EXPECT_NE(outcome, outcome_of(exported(print_))) << "a part of the outcome";
}

TEST_F(FurtherProgram, ThatLostADimFails) {
    seen_.decomposed = with(print_, "f32[s27, ", "f32[4, ");
    EXPECT_THAT(
        reasons(seen_, "decompose"),
        ElementsAre("dc.key_cache[0] dim 0: \"batch\" 1..1024 in the exported program, constant 4 "
                    "in the decomposed one",
                    "dc.value_cache[0] dim 0: \"batch\" 1..1024 in the exported program, constant "
                    "4 in the decomposed one",
                    "x dim 0: \"batch\" 1..1024 in the exported program, constant 4 in the "
                    "decomposed one"))
        << "clength is s0 now, for which it is no other dim";
    seen_.retraced = with(print_, "s61, 6]\"", "5, 6]\"");
    EXPECT_THAT(
        reasons(seen_, "retrace"),
        ElementsAre("dc.key_cache[0] dim 2: \"clength\" 1..1024 in the exported program, constant "
                    "5 in the retraced one",
                    "dc.value_cache[0] dim 2: \"clength\" 1..1024 in the exported program, "
                    "constant 5 in the retraced one"));
}

TEST_F(FurtherProgram, ThatGainedADimFails) {
    seen_.retraced =
        with(with(print_, "7, 1]\", dc", "s9, 1]\", dc"), "{s27", "{s9: VR[2, 8], s27");
    EXPECT_THAT(reasons(seen_, "retrace"),
                ElementsAre("x dim 2: constant 7 in the exported program, symbolic 2..8 in the "
                            "retraced one"));
}

TEST_F(FurtherProgram, WithAnotherRangeFails) {
    seen_.decomposed = with(print_, "s61: VR[1, 1024]", "s61: VR[2, int_oo]");
    EXPECT_THAT(reasons(seen_, "decompose"),
                ElementsAre("dc.key_cache[0] dim 2: \"clength\" 1..1024 in the exported program, "
                            "2..int_oo in the decomposed one",
                            "dc.value_cache[0] dim 2: \"clength\" 1..1024 in the exported program, "
                            "2..int_oo in the decomposed one"));
    seen_.decomposed = with(print_, ", s61: VR[1, 1024]", "");
    EXPECT_THAT(reasons(seen_, "decompose"),
                ::testing::Contains("dc.key_cache[0] dim 2: \"clength\" 1..1024 in the exported "
                                    "program, without a range in the decomposed one"));
}

TEST_F(FurtherProgram, WhoseDimsAreEqualInAnotherWayFails) {
    const std::string apart =
        with(with(print_, "dc_value_cache_0: \"f32[s27", "dc_value_cache_0: \"f32[s5"), "{s27",
             "{s5: VR[1, 1024], s27");
    seen_.retraced = apart;
    EXPECT_THAT(reasons(seen_, "retrace"),
                ElementsAre("dc.value_cache[0] dim 0: the symbol of x dim 0 in the exported "
                            "program, another one in the retraced one"));
    seen_ = exported(apart);
    seen_.retraced = print_;
    EXPECT_THAT(reasons(seen_, "retrace"),
                ElementsAre("dc.value_cache[0] dim 0: another symbol than at x dim 0 in the "
                            "exported program, the same one in the retraced one"));
}

TEST_F(FurtherProgram, WithExpressionsForDimsIsComparedByThem) {
    const std::string doubled = with(print_, "dc_value_cache_0: \"f32[s27, 8, s61",
                                     "dc_value_cache_0: \"f32[s27, 8, 2*s61");
    seen_ = exported(doubled);
    EXPECT_THAT(reasons(seen_, "retrace"), IsEmpty());
    seen_.retraced = print_;
    EXPECT_THAT(reasons(seen_, "retrace"),
                ElementsAre("dc.value_cache[0] dim 2: the expression 2*s1 in the exported program, "
                            "symbolic 1..1024 in the retraced one"));
}

TEST_F(FurtherProgram, WithOtherInputsFails) {
    seen_.decomposed = recorded_print("constants");
    EXPECT_THAT(reasons(seen_, "decompose"),
                ElementsAre("the decomposed program takes 1 user input, the exported one 3"));
    seen_.decomposed = print_;
    seen_.retraced = with(print_, "x: \"f32[s27, 8, 7, 1]\"", "x");
    EXPECT_THAT(reasons(seen_, "retrace"),
                ElementsAre("x: f32 of 4 dims in the exported program, a "
                            "constant in the retraced one"));
    seen_.retraced = with(print_, "x: \"f32[s27, 8, 7, 1]\"", "x: \"f64[s27, 8, 7]\"");
    EXPECT_THAT(reasons(seen_, "retrace"), ElementsAre("x: f32 of 4 dims in the exported program, "
                                                       "f64 of 3 dims in the retraced one"));
}

TEST_F(FurtherProgram, ThatPassedAndWasNotPrintedFails) {
    seen_.loaded = seen_.decomposed = seen_.retraced = "";
    EXPECT_THAT(reasons(seen_, "save_load"),
                ElementsAre("the loaded program cannot be read: it was not printed"));
    EXPECT_THAT(reasons(seen_, "decompose"),
                ElementsAre("the decomposed program cannot be read: it was not printed"));
    EXPECT_THAT(reasons(seen_, "retrace"),
                ElementsAre("the retraced program cannot be read: it was not printed"));
    EXPECT_EQ(outcome_of(seen_).decomposed, "");
}

TEST_F(FurtherProgram, ThatFailedNeedsNoPrint) {
    seen_.loaded = seen_.decomposed = seen_.retraced = "";
    for (const char* check : {"save_load", "decompose", "retrace"}) {
        report(seen_, check, CheckStatus::fail, {"raises RuntimeError"});
        EXPECT_THAT(reasons(seen_, check), ElementsAre("raises RuntimeError"));
        report(seen_, check, CheckStatus::not_applicable, {"why not"});
        EXPECT_EQ(judged_check(seen_, check).status, CheckStatus::not_applicable);
    }
}

TEST_F(FurtherProgram, ThatCannotBeReadFailsWhateverTheWorkerSays) {
    seen_.loaded = seen_.decomposed = seen_.retraced = unreadable;
    for (const char* check : {"save_load", "decompose", "retrace"}) {
        for (const auto status :
             {CheckStatus::pass, CheckStatus::fail, CheckStatus::not_applicable}) {
            report(seen_, check, status, {});
            const CheckResult result = judged_check(seen_, check);
            EXPECT_EQ(result.status, CheckStatus::fail);
            EXPECT_THAT(result.reasons,
                        ::testing::Contains(HasSubstr("program cannot be read: line 2: found ")));
        }
    }
    EXPECT_EQ(outcome_of(seen_).decomposed, "") << "there is no text of it to compare";
}

TEST_F(FurtherProgram, KeepsWhatTheWorkerSaidOfIt) {
    report(seen_, "retrace", CheckStatus::pass, {"no worse than the check run"});
    EXPECT_EQ(judged_check(seen_, "retrace").status, CheckStatus::pass);
    seen_.retraced = with(print_, "s27: VR[1, 1024]", "s27: VR[1, 9]");
    const CheckResult check = judged_check(seen_, "retrace");
    EXPECT_EQ(check.status, CheckStatus::fail);
    EXPECT_THAT(check.reasons, ElementsAre(StartsWith("dc.key_cache[0] dim 0"),
                                           StartsWith("dc.value_cache[0] dim 0"),
                                           "no worse than the check run", StartsWith("x dim 0")));
}

TEST_F(FurtherProgram, OfACaseThatDeclaresOtherInputsIsStillCompared) {
    matrix::Case asked = cache_case();
    asked.inputs.pop_back();
    seen_.retraced = with(print_, "f32[s27, ", "f32[4, ");
    EXPECT_THAT(judged_check(seen_, "retrace", asked).reasons,
                ::testing::Contains("user input 0 dim 0: symbolic 1..1024 in the exported program, "
                                    "constant 4 in the retraced one"));
}

}  // namespace
}  // namespace exportgate::outcome
