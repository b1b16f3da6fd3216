// The two comparisons of canonical texts: for the eye, and in sentences.
#include <gmock/gmock.h>

#include "graph/edit_script.h"
#include "recordings.h"
#include "small_print.h"

namespace exportgate::graph {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Canonical parsed(const SmallPrint& print, const std::vector<RequestedDim>& requested = {}) {
    const auto result = canonicalise(print.text(), "p.txt", requested);
    EXPECT_TRUE(result.has_value());
    return *result;
}

SmallPrint three_calls() {
    SmallPrint print;
    print.body = R"(            a = torch.ops.aten.sin.default(x)
            b = torch.ops.aten.mul.Tensor(a, y)
            add = torch.ops.aten.cos.default(b)
            return (add,)
)";
    return print;
}

SmallPrint with_inserted_call() {
    SmallPrint print = three_calls();
    print.body = R"(            new = torch.ops.aten.relu_.default(x)
            a = torch.ops.aten.sin.default(x)
            b = torch.ops.aten.mul.Tensor(a, y)
            add = torch.ops.aten.cos.default(b)
            return (add,)
)";
    return print;
}

std::vector<std::string> sentences(const Canonical& a, const Canonical& b) {
    std::vector<std::string> all;
    for (const StructuralDifference& difference : structural_diff(a, b))
        all.push_back(difference.words);
    return all;
}

TEST(TextDiff, IsEmptyForEqualTexts) {
    EXPECT_EQ(text_diff(canonical(three_calls()), canonical(three_calls())), "");
    EXPECT_THAT(sentences(parsed(three_calls()), parsed(three_calls())), IsEmpty());
}

TEST(TextDiff, AnInsertedCallDoesNotRenumberTheRest) {
    EXPECT_EQ(text_diff(canonical(three_calls()), canonical(with_inserted_call())), R"(--- expected
+++ observed
@@ -8,6 +8,7 @@
   %1  USER_INPUT  f32[s0, 4]
 
 graph
+  %new1 = aten.relu_.default(%0)
   %2 = aten.sin.default(%0)
   %3 = aten.mul.Tensor(%2, %1)
   %4 = aten.cos.default(%3)
)");
}

TEST(TextDiff, AMissingCallDoesNotRenumberTheRest) {
    const std::string diff = text_diff(canonical(with_inserted_call()), canonical(three_calls()));
    EXPECT_THAT(diff, HasSubstr("-  %2 = aten.relu_.default(%0)\n"));
    EXPECT_THAT(diff, Not(HasSubstr("\n+  ")));
}

TEST(TextDiff, ShowsSwappedOperands) {
    SmallPrint swapped = three_calls();
    swapped.body.replace(swapped.body.find("(a, y)"), 6, "(y, a)");
    const std::string diff = text_diff(canonical(three_calls()), canonical(swapped));
    EXPECT_THAT(diff,
                HasSubstr("-  %3 = aten.mul.Tensor(%2, %1)\n+  %3 = aten.mul.Tensor(%1, %2)\n"));
}

TEST(TextDiff, NamesOfRequestedDimsAlignSymbols) {
    SmallPrint both;
    both.inputs = R"(x: "f32[s0, 4]", y: "f32[s1, 4]")";
    both.ranges = "{s0: VR[2, 64], s1: VR[2, 9]}";
    SmallPrint lost = both;
    lost.inputs = R"(x: "f32[3, 4]", y: "f32[s1, 4]")";
    lost.body.replace(lost.body.find("s0"), 2, "3");
    const std::vector<RequestedDim> requested = {{0, 0, "batch"}, {1, 0, "clength"}};
    const std::string diff = text_diff(parsed(both, requested).text, parsed(lost, requested).text);
    EXPECT_THAT(diff, HasSubstr("-  s0  \"batch\"  2..64\n"));
    EXPECT_THAT(diff, HasSubstr("   %1  USER_INPUT  f32[s1, 4]\n"));
}

TEST(TextDiff, WhatIsGoneComesBeforeWhatCame) {
    SmallPrint constant;
    constant.inputs = R"(x: "f32[3, 4]", y: "f32[s1, 4]")";
    constant.ranges = "{s1: VR[2, 9]}";
    constant.body.replace(constant.body.find("[s0") + 1, 2, "3");
    SmallPrint symbolic = constant;
    symbolic.inputs = R"(x: "f32[s0, 4]", y: "f32[s1, 4]")";
    symbolic.ranges = "{s0: VR[2, 64], s1: VR[2, 9]}";
    symbolic.body.replace(symbolic.body.find("[3") + 1, 1, "s0");
    const std::string diff = text_diff(canonical(constant), canonical(symbolic));
    EXPECT_THAT(diff, HasSubstr("\n+"));
    char before = ' ';
    for (std::size_t line = diff.find("@@"); line < diff.size(); line = diff.find('\n', line) + 1) {
        EXPECT_FALSE(before == '+' && diff[line] == '-') << diff;
        before = diff[line];
    }
}

TEST(TextDiff, OfProgramsThatShareNothingIsStillMade) {
    const std::string a = canonical(recording("2.13.0/attention.txt"));
    const std::string b = canonical(recording("2.13.0/lstm.txt"));
    EXPECT_THAT(text_diff(a, b), HasSubstr("@@"));
}

TEST(EditScript, TextsOfManyThousandDifferentLinesAreSplitAtLinesThatOccurOnce) {
    std::vector<std::string> before;
    std::vector<std::string> after;
    for (int i = 0; i < 20'000; ++i) {
        before.push_back((i % 10 == 0 ? "same " : "old ") + std::to_string(i));
        after.push_back((i % 10 == 0 ? "same " : "new ") + std::to_string(i));
    }
    std::size_t kept = 0;
    std::size_t old_lines = 0;
    for (const Edit& edit : edit_script(before, after)) {
        if (edit.kind != Edit::Kind::add) {
            EXPECT_EQ(edit.before, old_lines++);
        }
        if (edit.kind != Edit::Kind::keep) continue;
        EXPECT_EQ(before[edit.before], after[edit.after]);
        ++kept;
    }
    EXPECT_EQ(kept, 2'000u);
    EXPECT_EQ(old_lines, before.size());
}

TEST(StructuralDiff, SaysWhatADifferenceIsAbout) {
    const auto about = [](const SmallPrint& a, const SmallPrint& b) {
        return structural_diff(parsed(a), parsed(b)).at(0).about;
    };
    SmallPrint other = three_calls();
    other.body.replace(other.body.find("mul.Tensor"), 10, "sub.Tensor");
    EXPECT_EQ(about(three_calls(), other), About::other);
    EXPECT_EQ(about(three_calls(), with_inserted_call()), About::calls);
    SmallPrint lost;
    lost.inputs = R"(x: "f32[s0, 4]", y: "f32[4, 4]")";
    EXPECT_EQ(about(SmallPrint(), lost), About::input);
    SmallPrint range;
    range.ranges = "{s0: VR[2, int_oo]}";
    EXPECT_EQ(about(SmallPrint(), range), About::what_follows);
}

TEST(StructuralDiff, NamesTheCallThatChanged) {
    SmallPrint other = three_calls();
    other.body.replace(other.body.find("mul.Tensor"), 10, "sub.Tensor");
    EXPECT_THAT(sentences(parsed(three_calls()), parsed(other)),
                ElementsAre("call 3: aten.mul.Tensor -> aten.sub.Tensor"));
    other = three_calls();
    other.body.replace(other.body.find("(a, y)"), 6, "(y, a)");
    EXPECT_THAT(sentences(parsed(three_calls()), parsed(other)),
                ElementsAre("call 3 aten.mul.Tensor: (%2, %1) -> (%1, %2)"));
    EXPECT_THAT(sentences(parsed(three_calls()), parsed(with_inserted_call())),
                ElementsAre("1 call added: aten.relu_.default"));
}

TEST(StructuralDiff, NamesTheDimAndTheRangeThatChanged) {
    SmallPrint lost;
    lost.inputs = R"(x: "f32[s0, 4]", y: "f32[4, 4]")";
    EXPECT_THAT(sentences(parsed(SmallPrint()), parsed(lost)),
                ElementsAre("input 1 dim 0: s0 -> 4"));
    SmallPrint dtype;
    dtype.inputs = R"(x: "f32[s0, 4]", y: "f16[s0, 4]")";
    EXPECT_THAT(sentences(parsed(SmallPrint()), parsed(dtype)),
                ElementsAre("input 1 dtype: f32 -> f16"));
    SmallPrint range;
    range.ranges = "{s0: VR[2, int_oo]}";
    EXPECT_THAT(sentences(parsed(SmallPrint()), parsed(range)),
                ElementsAre("symbol s0: range 2..64 -> 2..int_oo"));
}

TEST(StructuralDiff, NamesTheOutputThatChanged) {
    SmallPrint other;
    other.output_specs = "    add: BUFFER_MUTATION target='b'\n";
    EXPECT_THAT(sentences(parsed(SmallPrint()), parsed(other)),
                Contains(HasSubstr("outputs: USER_OUTPUT  %2  f32[s0, 4] -> BUFFER_MUTATION")));
}

TEST(StructuralDiff, SaysSomethingWheneverTextsDiffer) {
    SmallPrint persistent;
    persistent.input_specs = "    x: USER_INPUT\n    y: BUFFER target='b' persistent=True\n";
    SmallPrint not_persistent;
    not_persistent.input_specs = "    x: USER_INPUT\n    y: BUFFER target='b' persistent=False\n";
    EXPECT_THAT(sentences(parsed(persistent), parsed(not_persistent)), Not(IsEmpty()));
}

}  // namespace
}  // namespace exportgate::graph
