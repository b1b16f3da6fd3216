// What the canonical text says, what it leaves out, and what it never leaves out.
#include <gmock/gmock.h>

#include "recordings.h"
#include "small_print.h"

namespace exportgate::graph {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Canonical, OfTheFirstCase) {
    const auto result = canonicalise(recording("2.13.0/cache_named_strict.txt"), "p.txt",
                                     {{0, 0, "batch"}, {1, 0, "batch"}, {1, 2, "clength"}});
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->text, R"(exportgate graph 2

symbols
  s0  "batch"  1..1024
  s1  "clength"  1..1024

inputs
  %0  USER_INPUT  f32[s0, 8, 7, 1]
  %1  USER_INPUT  f32[s0, 8, s1, 6]
  %2  USER_INPUT  f32[s0, 8, s1, 6]

graph
  %3 = aten.cat.default([%2], 1)
  %4 = aten.cat.default([%1], 1)
  %5 = aten.add.Tensor(%3, %4)
  %6 = aten.zeros.default([s0, 8, s1, 6], device=device(type='cpu'), pin_memory=False)
  %7 = aten.add.Tensor(%5, %6)
  %8 = aten.sum.dim_IntList(%7, [2], True)
  %9 = aten.add.Tensor(%0, %8)

outputs
  USER_OUTPUT  %9  f32[s0, 8, 7, 6]
)");
    EXPECT_EQ(result->inputs.at(1).name, "dc_key_cache_0");
    EXPECT_EQ(result->inputs.at(1).shape, (std::vector<std::string>{"s0", "8", "s1", "6"}));
    EXPECT_EQ(result->symbols.at(1).name, "s1");
    EXPECT_EQ(result->symbols.at(1).upper, "1024");
}

TEST(Canonical, TheFirstCaseIsTheSameInEveryReleaseWithoutExtraAssertions) {
    const std::string expected = canonical(recording("2.13.0/cache_named_strict.txt"));
    for (const std::string release : {"2.6.0", "2.9.1", "2.15.0"}) {
        EXPECT_EQ(canonical(recording(release + "/cache_named_strict.txt")), expected) << release;
    }
    EXPECT_THAT(text_diff(expected, canonical(recording("2.8.0/cache_named_strict.txt"))),
                HasSubstr("+  %new1 = aten._assert_scalar.default("));
}

TEST(Canonical, RenamesSymbolsByFirstAppearance) {
    SmallPrint other;
    other.inputs = R"(x: "f32[s77, 4]", y: "f32[s77, 4]")";
    other.body.replace(other.body.find("s0"), 2, "s77");
    other.ranges = "{s77: VR[2, 64]}";
    EXPECT_EQ(canonical(other), canonical(SmallPrint()));
}

TEST(Canonical, KeepsOneSymbolApartFromTwo) {
    SmallPrint two;
    two.inputs = R"(x: "f32[s0, 4]", y: "f32[s1, 4]")";
    two.ranges = "{s0: VR[2, 64], s1: VR[2, 64]}";
    EXPECT_NE(canonical(two), canonical(SmallPrint()));
}

TEST(Canonical, OrdersTermsByPositionNotByTorchsNames) {
    const std::string a = "            t: \"Sym(s1 + s3)\" = m + n\n";
    const std::string b = "            t: \"Sym(s1 + s3)\" = n + m\n";
    EXPECT_EQ(sized(a, "t"), sized(b, "t"));
    EXPECT_THAT(sized(a, "t"), HasSubstr("[s0 + s1]"));
}

TEST(Canonical, WritesIntegersAsExpressionsWhereTheyAreUsed) {
    EXPECT_THAT(sized("            t = n * m\n            v = t * 2\n", "v, n"),
                HasSubstr("[2*s0*s1, s0]"));
    EXPECT_THAT(sized("            t = n * 2\n            v = t // 2\n", "v"), HasSubstr("[s0]"));
    EXPECT_THAT(sized("            t = n // 2\n", "t"), HasSubstr("[s0 // 2]"));
    EXPECT_THAT(sized("            t = n - 1\n            v = t % 3\n", "v"),
                HasSubstr("[(s0 - 1) % 3]"));
    EXPECT_THAT(sized("            t = torch.sym_max(m, n)\n", "t"), HasSubstr("[Max(s0, s1)]"));
    EXPECT_THAT(sized("            t = -n\n            v = m ** 2\n", "t, v"),
                HasSubstr("[-s0, s1**2]"));
    EXPECT_THAT(
        sized("            t = torch.ops.aten.sym_size.default(x)\n            v = t[0]\n", "v"),
        HasSubstr("full.default([s0], 0)"));
}

TEST(Canonical, KeepsDifferencesOfIntegers) {
    EXPECT_NE(sized("            t = n - m\n", "t"), sized("            t = m - n\n", "t"));
    EXPECT_NE(sized("            t = n // 2\n", "t"), sized("            t = n // 3\n", "t"));
    EXPECT_NE(sized("", "n"), sized("", "m"));
    EXPECT_NE(sized("", "n"), sized("", "5"));
    EXPECT_NE(sized("            t = n > 2\n", "t"), sized("            t = n >= 2\n", "t"));
}

TEST(Canonical, NamesTheNodeThatBringsASymbol) {
    const std::string text = canonical(recording("2.13.0/unbacked.txt"));
    EXPECT_THAT(text, HasSubstr("u0 = aten.item.default("));
    EXPECT_THAT(text, HasSubstr(" <u2> = aten.nonzero.default("));
}

TEST(Canonical, DropsRangesOfSymbolsThatNothingUses) {
    SmallPrint print;
    print.ranges = "{s0: VR[2, 64], u7: VR[0, int_oo]}";
    EXPECT_EQ(canonical(print), canonical(SmallPrint()));
    print.ranges = "{s0: VR[2, 65]}";
    EXPECT_NE(canonical(print), canonical(SmallPrint()));
}

TEST(Canonical, LeavesOutRangesThatFollowFromTheirSymbol) {
    SmallPrint print;
    print.ranges = "{s0: VR[2, 64], s0 + 1: VR[3, 65]}";
    EXPECT_EQ(canonical(print), canonical(SmallPrint()));
    print.ranges = "{s0: VR[2, 64], s0 + 1: VR[3, 60]}";
    EXPECT_THAT(canonical(print), HasSubstr("  s0 + 1  3..60\n"));
}

TEST(Canonical, RenamesInsideMessagesOfAssertions) {
    const auto print = [](const std::string& symbol, const std::string& node) {
        SmallPrint small;
        small.inputs = "x: \"f32[" + symbol + ", 4]\", y: \"f32[4]\"";
        small.body = "            n = torch.ops.aten.sym_size.int(x, 0)\n            " + node +
                     " = n >= 3\n            add = torch.ops.aten._assert_scalar.default(" + node +
                     ", \"Runtime assertion failed for expression " + symbol + " >= 3 on node '" +
                     node + "'\")\n            return (x,)\n";
        small.output_specs = "    x: USER_OUTPUT\n";
        small.ranges = "{}";
        return canonical(small);
    };
    EXPECT_EQ(print("s77", "ge_4"), print("s0", "ge"));
    EXPECT_THAT(print("s77", "ge_4"),
                HasSubstr("(s0 >= 3, \"Runtime assertion failed for expression s0 >= 3\")"));
}

TEST(Canonical, LeavesStringsThatAreNoMessagesAlone) {
    const auto print = [](const std::string& name) {
        SmallPrint small;
        small.inputs = name + ": \"f32[s0, 4]\"";
        small.body = "            add: \"f32[s0, 4]\" = torch.ops.aten.div.Tensor_mode(" + name +
                     ", 2, rounding_mode = '" + name + "')\n            return (add,)\n";
        small.input_specs = "    " + name + ": USER_INPUT\n";
        return canonical(small);
    };
    EXPECT_NE(print("floor"), print("trunc"));
}

TEST(Canonical, ListsAndTuplesAreTheSame) {
    SmallPrint list;
    list.body =
        "            add: \"f32[s0, 4]\" = torch.ops.aten.cat.default([x, y])\n            return "
        "[add]\n";
    SmallPrint tuple;
    tuple.body =
        "            add: \"f32[s0, 4]\" = torch.ops.aten.cat.default((x, y))\n            return "
        "(add,)\n";
    EXPECT_EQ(canonical(list), canonical(tuple));
}

TEST(Canonical, TheOrderOfKeywordsMeansNothing) {
    SmallPrint print;
    print.body =
        "            add = torch.ops.aten.f.default(x, b = 1, a = y)\n            return (add,)\n";
    EXPECT_THAT(canonical(print), HasSubstr("aten.f.default(%0, a=%1, b=1)"));
}

TEST(Canonical, ReadsBothSpellingsOfTheSignature) {
    std::string text = SmallPrint().text();
    const std::size_t begin = text.find("Graph signature:");
    const std::size_t end = text.find("Range constraints:");
    text.replace(begin, end - begin,
                 "Graph signature: "
                 "ExportGraphSignature(input_specs=[InputSpec(kind=<InputKind.USER_INPUT: 1>, "
                 "arg=TensorArgument(name='x'), target=None, persistent=None), "
                 "InputSpec(kind=<InputKind.USER_INPUT: 1>, "
                 "arg=TensorArgument(name='y'), target=None, persistent=None)], "
                 "output_specs=[OutputSpec(kind="
                 "<OutputKind.USER_OUTPUT: 1>, arg=TensorArgument(name='add'), target=None)])\n");
    EXPECT_EQ(canonical(text), canonical(SmallPrint()));
}

TEST(Canonical, ReadsAWrappedForward) {
    SmallPrint wrapped;
    wrapped.inputs =
        "\n            x: \"f32[s0, 4]\",  # the first\n            y: \"f32[s0, 4]\",\n        ";
    EXPECT_EQ(canonical(wrapped), canonical(SmallPrint()));
}

TEST(Canonical, ShowsKindsTargetsAndPersistenceOfInputs) {
    SmallPrint print;
    print.input_specs =
        "    x: PARAMETER target='fc.weight'\n    y: BUFFER target='mask' persistent=False\n";
    EXPECT_THAT(canonical(print),
                HasSubstr("  %0  PARAMETER  f32[s0, 4]  \"fc.weight\"\n"
                          "  %1  BUFFER  f32[s0, 4]  \"mask\"  not persistent\n"));
}

TEST(Canonical, NamesMutatedInputsByPosition) {
    SmallPrint print;
    print.output_specs = "    add: USER_INPUT_MUTATION target='y'\n";
    EXPECT_THAT(canonical(print), HasSubstr("  USER_INPUT_MUTATION  %2  f32[s0, 4]  %1\n"));
}

TEST(Canonical, ComparesNestedGraphs) {
    const std::string text = canonical(recording("2.13.0/nested_cond.txt"));
    EXPECT_THAT(text, HasSubstr("higher_order.cond("));
    EXPECT_THAT(text, HasSubstr("\ngraph @0(%0: f32["));
    EXPECT_THAT(text, Not(HasSubstr("true_graph")));
}

TEST(Canonical, IntermediateAnnotationsAreNotCompared) {
    SmallPrint print;
    print.body = R"(            mul: "f32[s0, 4]" = torch.ops.aten.mul.Tensor(x, y)
            add: "f32[s0, 4]" = torch.ops.aten.add.Tensor(mul, y)
            return (add,)
)";
    const std::string with = canonical(print);
    print.body.replace(print.body.find(": \"f32[s0, 4]\" = torch.ops.aten.mul"), 14, "");
    EXPECT_EQ(canonical(print), with);
}

TEST(Canonical, ArithmeticOnFloatsIsKeptAsWritten) {
    const std::string text = canonical(recording("2.13.0/scalars_dynamic.txt"));
    EXPECT_FALSE(text.empty());
    const auto print = [](const std::string& expression) {
        return sized(
            "            f = torch.sym_float(n)\n            g = torch.sym_float(m)\n            t "
            "= " +
                expression + "\n",
            "t");
    };
    EXPECT_NE(print("f + g"), print("g + f"));
}

}  // namespace
}  // namespace exportgate::graph
