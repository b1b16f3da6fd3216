#include "outcome/outcome.h"

#include <gmock/gmock.h>

#include "outcome/checks.h"
#include "outcome_case.h"

namespace exportgate::outcome {
namespace {

using matrix::DimsStyle;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

CheckResult dims_of(const std::string& print, DimsStyle style, const std::string& pair = "b3c5",
                    const matrix::Case& asked = cache_case()) {
    return outcome_of(exported(print), cell(style, pair), asked).checks.at(0);
}

TEST(Exported, HasGraphSpecsAndConstants) {
    const Outcome outcome = outcome_of(exported(recorded_print("cache_named_strict")));
    EXPECT_EQ(outcome.status, Status::exported);
    EXPECT_THAT(outcome.text, ::testing::StartsWith("exportgate graph "));
    EXPECT_THAT(
        outcome.text,
        ::testing::EndsWith("\nin_spec\n  tuple\n    tuple\n      *\n      DynamicCache "
                            "['key_cache']\n        list\n"
                            "          *\n    dict []\n\nout_spec\n  *\n\nconstants\n  none\n"));
    EXPECT_EQ(headline(outcome), "exported");
}

TEST(Exported, IsTheSameAtBothPairsWhereItIsDynamic) {
    const auto print = exported(recorded_print("cache_named_strict"));
    EXPECT_EQ(outcome_of(print, cell(DimsStyle::named, "b3c5")),
              outcome_of(print, cell(DimsStyle::named, "b4c11")));
}

TEST(Exported, IgnoresTimingsAndWhatTheChildPrinted) {
    record::Observation one = observed(exported(recorded_print("cache_named_strict")));
    const auto before = canonical(one, cache_case(), cell(), all_of_worker()).value();
    one.timings_s["export"] = 7;
    one.output = "other";
    EXPECT_EQ(canonical(one, cache_case(), cell(), all_of_worker()).value(), before);
}

TEST(Exported, AnotherContextIsAnotherOutcome) {
    auto one = exported(recorded_print("cache_named_strict"));
    const Outcome before = outcome_of(one);
    one.in_spec.children[0].children[1].context = "['value_cache']";
    EXPECT_NE(outcome_of(one).text, before.text);
}

TEST(Exported, NamesConstantsByTheirInput) {
    auto one = exported(recorded_print("constants"));
    one.constants = {
        {"lifted_tensor_1", "int64", {}, "[3]", ""},
        {"lifted_tensor_0", "float32", {2, 2}, "[1.0, -2.0, 0.5, 4.0]", "dc.key_cache[0]"},
        {"script_object", "torch.ScriptObject", {}, "", ""}};
    const Outcome outcome = outcome_of(one);
    EXPECT_THAT(outcome.text, HasSubstr("\nconstants\n  %0  float32[2, 2] = [1.0, -2.0, 0.5, 4.0], "
                                        "the values of dc.key_cache[0]\n"
                                        "  %1  int64[] = [3]\n  no input  torch.ScriptObject[]\n"));
    one.constants[0].values = "[4]";
    EXPECT_NE(outcome_of(one).text, outcome.text);
}

TEST(Exported, NumbersInAConstantAreNeverNeutral) {
    auto one = exported(recorded_print("constants"));
    one.constants = {{"lifted_tensor_1", "int64", {}, "[12345678901234]", ""}};
    const Outcome before = outcome_of(one);
    EXPECT_THAT(before.text, HasSubstr("[12345678901234]")) << "no address: 14 digits are a value";
    one.constants[0].values = "[12345678901235]";
    EXPECT_NE(outcome_of(one).text, before.text);
}

TEST(Exported, APrintThatCannotBeReadIsAnError) {
    const auto outcome = canonical(observed(exported("ExportedProgram:\n  nonsense\n")),
                                   cache_case(), cell(), all_of_worker());
    ASSERT_FALSE(outcome);
    EXPECT_THAT(to_string(outcome.error()), HasSubstr("my_cache/plain/strict/named/b3c5:"));
}

TEST(Checks, HaveAFixedOrder) {
    auto one = exported(recorded_print("cache_named_strict"));
    std::reverse(one.checks.begin(), one.checks.end());
    std::vector<std::string> names;
    for (const CheckResult& check : outcome_of(one).checks)
        names.push_back(check.name);
    EXPECT_THAT(names, ElementsAre("dims", "constants", "run", "bounds", "traits", "model",
                                   "pytree", "save_load", "steps", "decompose", "retrace",
                                   "registry", "aoti", "onnx", "consumer"));
    EXPECT_EQ(names, check_names());
}

TEST(Checks, ThatWereNotReportedFail) {
    auto one = exported(recorded_print("cache_named_strict"));
    one.checks.pop_back();
    const Outcome outcome = outcome_of(one);
    EXPECT_EQ(outcome.checks.back(),
              (CheckResult{"consumer", CheckStatus::fail, {"not reported"}}));
    EXPECT_EQ(headline(outcome), "exported, consumer fails");
}

TEST(Checks, ThatTheCaseDoesNotAskForAreNotThere) {
    auto one = exported(recorded_print("cache_named_strict"));
    matrix::Case asked = cache_case();
    asked.steps.reset();
    const auto reported_all_the_same = canonical(observed(one), asked, cell(), all_of_worker());
    EXPECT_THAT(to_string(reported_all_the_same.error()), HasSubstr("check \"steps\""));
    std::erase_if(one.checks, [](const auto& check) { return check.name == "steps"; });
    EXPECT_EQ(headline(outcome_of(one, cell(), asked)), "exported");
    EXPECT_EQ(headline(outcome_of(one)), "exported, steps fails");
}

TEST(Checks, ThatAreConsumersAreThereWhereTheyWereAskedFor) {
    matrix::Case asked = cache_case();
    const auto not_asked = of_consumers_asked_for(all_of_worker(), asked);
    EXPECT_EQ(not_asked.count("aoti") + not_asked.count("onnx") + not_asked.count("consumer"), 0U);
    EXPECT_EQ(not_asked.count("registry"), 1U);
    asked.consumers = {"onnx"};
    const auto one = of_consumers_asked_for(all_of_worker(), asked);
    EXPECT_EQ(one.count("onnx"), 1U);
    EXPECT_EQ(one.size(), not_asked.size() + 1);
    // One that nobody announced is not expected either.
    EXPECT_EQ(of_consumers_asked_for(not_asked, asked), not_asked);
}

TEST(Checks, ThatNobodyKnowsAreAnError) {
    auto one = exported(recorded_print("cache_named_strict"));
    for (const char* name : {"save", "dims"}) {
        auto more = one;
        more.checks.push_back({name, CheckStatus::pass, {}});
        EXPECT_THAT(
            to_string(canonical(observed(more), cache_case(), cell(), all_of_worker()).error()),
            HasSubstr("check \"" + std::string(name) + "\", revision 1, was not announced"));
    }
}

TEST(Checks, OfAnotherRevisionThanWasAnnouncedAreAnError) {
    auto one = exported(recorded_print("cache_named_strict"));
    reported(one, "run").revision = 2;
    EXPECT_THAT(to_string(canonical(observed(one), cache_case(), cell(), all_of_worker()).error()),
                HasSubstr("check \"run\", revision 2, was not announced"));
}

TEST(Checks, ThatWereNotToBeCarriedOutAreNotThere) {
    auto one = exported(recorded_print("cache_named_strict"));
    one.checks = {{"run", CheckStatus::pass, {}, {"a note"}, 2}};
    one.loaded = one.decomposed = one.retraced = "";
    const auto outcome = canonical(observed(one), cache_case(), cell(), {{"run", 2}}).value();
    std::vector<std::string> names;
    for (const CheckResult& check : outcome.checks)
        names.push_back(check.name);
    EXPECT_THAT(names, ElementsAre("dims", "run"));
    EXPECT_EQ(outcome.checks.back().revision, 2);
    EXPECT_THAT(outcome.checks.back().notes, ElementsAre("a note"));
    EXPECT_EQ(headline(outcome), "exported");
}

TEST(Checks, HaveCanonicalReasons) {
    auto one = exported(recorded_print("cache_named_strict"));
    one.checks[1] = {"run",
                     CheckStatus::fail,
                     {"pair b4c11: at 0x7f53870cea40", "pair b3c5: File \"/a/case.py\", line 3"}};
    EXPECT_THAT(outcome_of(one).checks[2].reasons,
                ElementsAre("pair b3c5: File \"case.py\"", "pair b4c11: at 0x..."));
}

TEST(Checks, NoteWhatWasSeenAndIsNoFailure) {
    auto one = exported(recorded_print("cache_named_strict"));
    reported(one, "bounds").notes = {"clength = 0: accepted at 0x7f53870cea40",
                                     "batch = 0: accepted, as eager"};
    const Outcome outcome = outcome_of(one);
    EXPECT_THAT(outcome.checks[3].reasons, IsEmpty());
    EXPECT_THAT(outcome.checks[3].notes,
                ElementsAre("batch = 0: accepted, as eager", "clength = 0: accepted at 0x..."));
    EXPECT_EQ(headline(outcome), "exported");
}

TEST(DimsCheck, PassesWhereEveryAskedDimIsDynamic) {
    EXPECT_EQ(dims_of(recorded_print("cache_named_strict"), DimsStyle::named),
              (CheckResult{"dims", CheckStatus::pass, {}}));
    EXPECT_EQ(dims_of(recorded_print("cache_auto_strict"), DimsStyle::automatic).status,
              CheckStatus::pass);
    EXPECT_EQ(dims_of(recorded_print("cache_auto_strict"), DimsStyle::dynamic).status,
              CheckStatus::pass);
    EXPECT_EQ(dims_of(recorded_print("cache_static_strict"), DimsStyle::fixed).status,
              CheckStatus::pass);
}

TEST(DimsCheck, PassesForEveryRecordedRelease) {
    for (const char* torch : {"2.6.0", "2.8.0", "2.9.1", "2.13.0", "2.15.0"}) {
        EXPECT_THAT(dims_of(recorded_print("cache_named_strict", torch), DimsStyle::named).reasons,
                    IsEmpty())
            << torch;
    }
}

TEST(DimsCheck, NamesTheDimThatAutoLost) {
    const Outcome outcome =
        outcome_of(exported(recorded_print("cache_auto_nonstrict")), cell(DimsStyle::automatic));
    EXPECT_THAT(outcome.checks[0].reasons,
                ElementsAre("dc.key_cache[0] dim 0: asked AUTO \"batch\", got constant 3",
                            "dc.value_cache[0] dim 0: asked AUTO \"batch\", got constant 3",
                            "x dim 0: asked AUTO \"batch\", got constant 3"));
    EXPECT_EQ(headline(outcome), "exported, dims fails");
}

TEST(DimsCheck, NamesTheDimThatANamedProgramLost) {
    // seen in the wild: f32[4, 8, s69, 6], the batch fixed without a word
    const std::string print = with(recorded_print("cache_named_strict"), "f32[s27, ", "f32[4, ");
    EXPECT_THAT(dims_of(print, DimsStyle::named).reasons,
                ElementsAre("dc.key_cache[0] dim 0: asked \"batch\" 1..1024, got constant 4",
                            "dc.value_cache[0] dim 0: asked \"batch\" 1..1024, got constant 4",
                            "x dim 0: asked \"batch\" 1..1024, got constant 4"));
}

TEST(DimsCheck, WantsExactlyTheRequestedRange) {
    // Either end, and wider as well as narrower.
    for (const std::string range : {"2..1024", "0..1024", "1..1023", "1..2048", "1..int_oo"}) {
        const auto between = range.find("..");
        const std::string printed =
            "s27: VR[" + range.substr(0, between) + ", " + range.substr(between + 2) + "]";
        const std::string print =
            with(recorded_print("cache_named_strict"), "s27: VR[1, 1024]", printed);
        EXPECT_THAT(
            dims_of(print, DimsStyle::named).reasons,
            ElementsAre("dc.key_cache[0] dim 0: asked \"batch\" 1..1024, got the range " + range,
                        "dc.value_cache[0] dim 0: asked \"batch\" 1..1024, got the range " + range,
                        "x dim 0: asked \"batch\" 1..1024, got the range " + range));
    }
}

TEST(DimsCheck, WantsTheDeclaredConstantsElsewhere) {
    matrix::Case asked = cache_case();
    asked.inputs[0].shape[1] = std::int64_t{9};
    EXPECT_THAT(
        dims_of(recorded_print("cache_named_strict"), DimsStyle::named, "b3c5", asked).reasons,
        ElementsAre("x dim 1: declared 9, got 8"));
}

TEST(DimsCheck, WantsTheExtentsOfThePairWhereItIsStatic) {
    EXPECT_THAT(
        dims_of(recorded_print("cache_static_strict"), DimsStyle::fixed, "b4c11").reasons,
        ElementsAre("dc.key_cache[0] dim 0: declared 4, got 3",
                    "dc.key_cache[0] dim 2: declared 11, got 5",
                    "dc.value_cache[0] dim 0: declared 4, got 3",
                    "dc.value_cache[0] dim 2: declared 11, got 5", "x dim 0: declared 4, got 3"));
}

TEST(DimsCheck, WantsOneSymbolForOneName) {
    matrix::Case asked = cache_case();
    asked.dims.push_back({"vlength", 1, 1024});
    asked.pairs[0].extents["vlength"] = 5;
    asked.inputs[2].shape[2] = "vlength";
    EXPECT_THAT(
        dims_of(recorded_print("cache_named_strict"), DimsStyle::named, "b3c5", asked).reasons,
        ElementsAre("dc.value_cache[0] dim 2: asked \"vlength\" 1..1024, got the symbol of "
                    "\"clength\" at dc.key_cache[0] dim 2"));
    asked = cache_case();
    asked.inputs[0].shape[0] = "clength";
    EXPECT_THAT(
        dims_of(recorded_print("cache_named_strict"), DimsStyle::named, "b3c5", asked).reasons,
        ::testing::Contains("dc.key_cache[0] dim 2: asked \"clength\" 1..1024, got another symbol "
                            "than at x dim 0"));
}

TEST(DimsCheck, WantsASumToBeThatOfItsDimsSymbol) {
    matrix::Case asked = cache_case();
    asked.inputs[2].shape[2] = "clength + 1";
    const std::string whole = recorded_print("cache_named_strict");
    const auto with_extent = [&](const std::string& extent) {
        return with(whole, "dc_value_cache_0: \"f32[s27, 8, s61, 6]\"",
                    "dc_value_cache_0: \"f32[s27, 8, " + extent + ", 6]\"");
    };
    EXPECT_EQ(dims_of(with_extent("s61 + 1"), DimsStyle::named, "b3c5", asked),
              (CheckResult{"dims", CheckStatus::pass, {}}));
    EXPECT_THAT(dims_of(whole, DimsStyle::named, "b3c5", asked).reasons,
                ElementsAre("dc.value_cache[0] dim 2: asked \"clength + 1\", s1 + 1, got s1"));
    EXPECT_THAT(dims_of(with_extent("s61 + 2"), DimsStyle::named, "b3c5", asked).reasons,
                ElementsAre("dc.value_cache[0] dim 2: asked \"clength + 1\", s1 + 1, got s1 + 2"));
    for (const DimsStyle style : {DimsStyle::named, DimsStyle::automatic}) {
        EXPECT_THAT(dims_of(with_extent("6"), style, "b3c5", asked).reasons,
                    ElementsAre("dc.value_cache[0] dim 2: asked \"clength + 1\", got constant 6"));
    }
    // What it is a sum of may come after it.
    std::swap(asked.inputs[1].shape, asked.inputs[2].shape);
    const std::string swapped = with(with_extent("s61"), "dc_key_cache_0: \"f32[s27, 8, s61, 6]\"",
                                     "dc_key_cache_0: \"f32[s27, 8, s61 + 1, 6]\"");
    EXPECT_EQ(dims_of(swapped, DimsStyle::named, "b3c5", asked).status, CheckStatus::pass);
}

TEST(DimsCheck, TakesNoneForAConstantOfTheProgram) {
    matrix::Case asked = cache_case();
    asked.inputs[1] = {.name = "dc", .shape = {}, .constant = nullptr};
    // as torch prints it, with its value nowhere: forward(self, x: "f32[s6, 4]", c)
    const std::string whole = recorded_print("cache_named_strict");
    const std::string with_none =
        with(whole, "dc_key_cache_0: \"f32[s27, 8, s61, 6]\"", "dc_key_cache_0");
    EXPECT_EQ(dims_of(with_none, DimsStyle::named, "b3c5", asked),
              (CheckResult{"dims", CheckStatus::pass, {}}));
    EXPECT_THAT(dims_of(whole, DimsStyle::named, "b3c5", asked).reasons,
                ElementsAre("dc: declared None, got a tensor"));
    const std::string size =
        with(whole, "dc_key_cache_0: \"f32[s27, 8, s61, 6]\"", "dc_key_cache_0: \"Sym(s61)\"");
    EXPECT_THAT(dims_of(size, DimsStyle::named, "b3c5", asked).reasons,
                ElementsAre("dc: declared None, got no constant"));
    EXPECT_THAT(dims_of(with_none, DimsStyle::named).reasons,
                ElementsAre("dc.key_cache[0]: not a tensor in the program"));
}

TEST(DimsCheck, FailsWhereTheProgramTakesOtherInputs) {
    matrix::Case asked = cache_case();
    asked.inputs.pop_back();
    const Outcome outcome =
        outcome_of(exported(recorded_print("cache_named_strict")), cell(), asked);
    EXPECT_THAT(outcome.checks[0].reasons,
                ElementsAre("the program takes 3 user inputs, the case declares 2"));
}

TEST(Rejected, HasStageClassAndMessage) {
    const auto outcome =
        canonical(observed(record::Rejected{"export", "builtins.ValueError",
                                            "no\n\n  File \"/a/case.py\", line 3, in f\n"}),
                  cache_case(), cell(), all_of_worker())
            .value();
    EXPECT_EQ(outcome.text,
              "exportgate rejected 2\nstage: export\nexception: builtins.ValueError\nmessage:\n  "
              "no\n\n    File \"case.py\", in f\n");
    EXPECT_THAT(outcome.checks, IsEmpty());
    EXPECT_EQ(headline(outcome), "rejected in export: builtins.ValueError");
}

TEST(Rejected, KeepsTheExtentsOfThePair) {
    const auto at = [](const std::string& extent) {
        return canonical(observed(record::Rejected{"export", "torch._dynamo.exc.UserError",
                                                   "to be a constant (" + extent + ")"}),
                         cache_case(), cell(), all_of_worker())
            .value();
    };
    EXPECT_NE(at("3"), at("4"));
}

TEST(Rejected, WithoutAMessageIsStillAnOutcome) {
    const auto outcome = canonical(observed(record::Rejected{"eager", "builtins.SystemExit", ""}),
                                   cache_case(), cell(), all_of_worker())
                             .value();
    EXPECT_EQ(outcome.text,
              "exportgate rejected 2\nstage: eager\nexception: builtins.SystemExit\nmessage:\n");
}

TEST(Crashed, HasStageAndHow) {
    const auto killed = canonical(observed(record::Crashed{"check:run", 11, 0}), cache_case(),
                                  cell(), all_of_worker())
                            .value();
    EXPECT_EQ(killed.text, "exportgate crashed 2\nstage: check:run\nsignal: SIGSEGV\n");
    EXPECT_EQ(headline(killed), "crashed in check:run: SIGSEGV");
    const auto ended =
        canonical(observed(record::Crashed{"start", 0, 3}), cache_case(), cell(), all_of_worker())
            .value();
    EXPECT_EQ(ended.text, "exportgate crashed 2\nstage: start\nexit code: 3\n");
    EXPECT_EQ(headline(ended), "crashed in start: exit code 3");
}

TEST(Timeout, HasOnlyItsStage) {
    const auto one =
        canonical(observed(record::TimedOut{"export", 120}), cache_case(), cell(), all_of_worker())
            .value();
    EXPECT_EQ(one, canonical(observed(record::TimedOut{"export", 60}), cache_case(), cell(),
                             all_of_worker())
                       .value());
    EXPECT_EQ(one.text, "exportgate timeout 2\nstage: export\n");
    EXPECT_EQ(headline(one), "timeout in export");
}

TEST(Unobserved, IsNoOutcome) {
    const auto seen = canonical(observed(record::Unobserved{"interrupted"}), cache_case(), cell(),
                                all_of_worker());
    EXPECT_EQ(to_string(seen.error()),
              "my_cache/plain/strict/named/b3c5: was not observed: interrupted");
}

}  // namespace
}  // namespace exportgate::outcome
