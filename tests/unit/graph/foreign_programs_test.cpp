// Prints of programs that no case of this repository makes: tensor subclasses, DTensor, complex
// infinities, objects as operands, programs saved by old releases.
#include <gmock/gmock.h>

#include "small_print.h"

namespace exportgate::graph {
namespace {

using testing::Contains;
using testing::HasSubstr;

SmallPrint with_input(const std::string& annotation) {
    SmallPrint print;
    print.inputs = "x: \"" + annotation + "\", y: \"f32[s0, 4]\"";
    return print;
}

SmallPrint with_operand(const std::string& operand) {
    SmallPrint print;
    print.body = "            add: \"f32[s0, 4]\" = torch.ops.aten.mul.Tensor(x, " + operand +
                 ")\n            return (add,)\n";
    return print;
}

std::string again(const std::string& text) {
    const auto result = canonicalise(text, "c.txt");
    EXPECT_TRUE(result.has_value()) << to_string(result.error()) << "\n" << text;
    return result ? result->text : "";
}

TEST(TensorSubclass, IsPartOfTheText) {
    const std::string text = canonical(with_input("TwoTensor(f32[s0, 4])"));
    EXPECT_THAT(text, HasSubstr("  %0  USER_INPUT  TwoTensor(f32[s0, 4])\n"));
    EXPECT_NE(text, canonical(SmallPrint()));
    EXPECT_NE(text, canonical(with_input("OtherTensor(f32[s0, 4])")));
    EXPECT_NE(text, canonical(with_input("TwoTensor(f64[s0, 4])")));
    EXPECT_NE(text, canonical(with_input("TwoTensor(f32[4, s0])")));
    EXPECT_EQ(again(text), text);
}

TEST(TensorSubclass, RenamedSymbolsAreTheSame) {
    SmallPrint renamed = with_input("TwoTensor(f32[s77, 4])");
    renamed.inputs.replace(renamed.inputs.rfind("s0"), 2, "s77");
    renamed.body.replace(renamed.body.find("s0"), 2, "s77");
    renamed.ranges = "{s77: VR[2, 64]}";
    EXPECT_EQ(canonical(renamed), canonical(with_input("TwoTensor(f32[s0, 4])")));
}

TEST(TensorSubclass, PlacementsOfADTensorAreCompared) {
    const std::string text = canonical(with_input("DTensor(f32[s0, 4], S(0))"));
    EXPECT_THAT(text, HasSubstr("  %0  USER_INPUT  DTensor(f32[s0, 4], \"S(0)\")\n"));
    EXPECT_NE(text, canonical(with_input("DTensor(f32[s0, 4], S(1))")));
    EXPECT_NE(text, canonical(with_input("DTensor(f32[s0, 4], R)")));
    EXPECT_NE(text, canonical(with_input("DTensor(f32[s0, 4])")));
    EXPECT_EQ(again(text), text);
    for (const std::string placement : {"RR", "S(0)R", "S(0)[0]S(0)[1]", "PS(1)[1]S(1)[0]R",
                                        "_S(0, 2)", "MaskP(sum, torch.Size([4]), 0)"}) {
        const std::string one = canonical(with_input("DTensor(f32[s0, 4], " + placement + ")"));
        EXPECT_THAT(one, HasSubstr(placement));
        EXPECT_EQ(again(one), one);
    }
}

TEST(TensorSubclass, IsAFactOfTheInput) {
    const auto tensor = canonicalise(with_input("DTensor(f32[s0, 4], S(0))").text(), "a");
    ASSERT_TRUE(tensor.has_value());
    EXPECT_EQ(tensor->inputs.at(0).subclass, "DTensor, S(0)");
    EXPECT_EQ(tensor->inputs.at(0).dtype, "f32");
    EXPECT_EQ(tensor->inputs.at(0).shape, (std::vector<std::string>{"s0", "4"}));
    const auto read = canonicalise(tensor->text, "c");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->inputs.at(0).subclass, "DTensor, S(0)");
    EXPECT_EQ(read->inputs.at(0).dtype, "f32");
    EXPECT_EQ(read->inputs.at(0).shape, tensor->inputs.at(0).shape);
    const auto plain = canonicalise(SmallPrint().text(), "b");
    EXPECT_THAT(structural_diff(*tensor, *plain),
                Contains(testing::Field(&StructuralDifference::words,
                                        "input 0 class: DTensor, S(0) -> none")));
}

TEST(TensorSubclass, StandsInOutputsAndNestedGraphs) {
    SmallPrint print = with_input("u8[s0, 4]");
    print.body = R"p(            inner = self.inner
            add: "DTensor(u8[s0, 4], R)" = torch.ops.higher_order.f(inner, (x, y))
            return (add,)
)p";
    print.nested = R"p(        class inner(torch.nn.Module):
            def forward(self, x: "u8[s0, 4]", y: "DTensor(f32[s0, 4], S(0)[1])"):
                return (x,)
)p";
    const std::string text = canonical(print);
    EXPECT_THAT(text, HasSubstr("(%0: u8[s0, 4], %1: DTensor(f32[s0, 4], \"S(0)[1]\"))"));
    EXPECT_THAT(text, HasSubstr("  USER_OUTPUT  %2  DTensor(u8[s0, 4], \"R\")\n"));
    EXPECT_EQ(again(text), text);
}

TEST(TensorSubclass, WhatIsNoneIsRefused) {
    for (const std::string annotation :
         {"Two(f32[3]", "Two()", "Two(3)", "(f32[3])", "2wo(f32[3])", "Two(f32[3]))",
          "DTensor(f32[3], )", "DTensor(f32[3] S(0))", "DTensor(f32[3], S('0'))", "A.B(f32[3])",
          "Two(Two(f32[3]))", "Two(f32[3],S(0))"}) {
        EXPECT_THAT(error_of(with_input(annotation)), HasSubstr("p.txt:3: found ")) << annotation;
    }
}

TEST(NestedGraphs, AreNumberedByTheirFirstUse) {
    const auto print = [](const std::string& fetches, const std::string& operands) {
        SmallPrint small;
        small.body = fetches + "            add = torch.ops.higher_order.cond(y, " + operands +
                     ", (x,))\n            return (add,)\n";
        small.nested = R"p(        class one(torch.nn.Module):
            def forward(self, x):
                sin = torch.ops.aten.sin.default(x)
                return (sin,)
        class two(torch.nn.Module):
            def forward(self, x):
                cos = torch.ops.aten.cos.default(x)
                return (cos,)
)p";
        return canonical(small);
    };
    const std::string one = "            one = self.one\n";
    const std::string two = "            two = self.two\n";
    EXPECT_EQ(print(one + two, "one, two"), print(two + one, "one, two"));
    EXPECT_NE(print(one + two, "one, two"), print(one + two, "two, one"));
    EXPECT_NE(print(one + two, "one, two"), print(one + two, "one, one"));
    EXPECT_NE(print(one + two, "one, two"), print(one + two, "two, two"));
    EXPECT_THAT(print(two + one, "one, two"), HasSubstr("cond(%1, @0, @1, [%0])"));
}

TEST(Numbers, ComplexOnesWithInfiniteParts) {
    for (const std::string number :
         {"infj", "nanj", "-infj", "-nanj", "(nan+infj)", "(1-infj)", "(-inf+nanj)", "(inf+2j)"}) {
        const std::string text = canonical(with_operand(number));
        EXPECT_THAT(text, HasSubstr("aten.mul.Tensor(%0, " + number + ")\n"));
        EXPECT_EQ(again(text), text);
    }
    EXPECT_NE(canonical(with_operand("infj")), canonical(with_operand("nanj")));
    EXPECT_NE(canonical(with_operand("infj")), canonical(with_operand("inf")));
}

TEST(Operands, WithoutTheirContentsAreRefused) {
    const std::string expected = "expected an operand whose value the print shows";
    EXPECT_EQ(error_of(with_operand("<torch.ScriptObject object at 0x55ea1371ce60>")),
              "p.txt:4: found an object without its contents, '<torch.ScriptObject object>', " +
                  expected);
    EXPECT_EQ(error_of(with_operand("<function f at 0x7f>")),
              "p.txt:4: found an object without its contents, '<function f>', " + expected);
    EXPECT_EQ(error_of(with_operand("torch.Tensor(size=[3], dtype=float32)")),
              "p.txt:4: found a tensor without its values, 'torch.Tensor(...)', " + expected);
    EXPECT_THAT(canonical(with_operand("<RoundingMode.UP: 1>")),
                HasSubstr("(%0, RoundingMode.UP)"));
}

TEST(Ranges, HaveRationalBounds) {
    SmallPrint print;
    print.ranges = "{s0: VR[5/3, 10/3]}";
    const std::string text = canonical(print);
    EXPECT_THAT(text, HasSubstr("  s0  5/3..10/3\n"));
    EXPECT_EQ(again(text), text);
    print.ranges = "{s0: VR[-5/3, 10/3]}";
    EXPECT_THAT(canonical(print), HasSubstr("  s0  -5/3..10/3\n"));
    print.ranges = "{s0: VR[5/, 10/3]}";
    EXPECT_THAT(error_of(print), HasSubstr("expected the divisor of a bound"));
}

TEST(Signature, OfOldArchivesHasInputsWithoutAName) {
    SmallPrint print;
    print.inputs = "arg1, x: \"f32[s0, 4]\", y: \"f32[s0, 4]\"";
    print.input_specs = "    : USER_INPUT\n    x: USER_INPUT\n    y: USER_INPUT\n";
    SmallPrint named = print;
    named.input_specs.replace(4, 0, "arg1");
    EXPECT_EQ(canonical(print), canonical(named));
    EXPECT_THAT(canonical(print), HasSubstr("  %0  USER_INPUT  constant\n"));
    SmallPrint tensor;
    tensor.input_specs = "    : USER_INPUT\n    y: USER_INPUT\n";
    EXPECT_EQ(error_of(tensor), "p.txt:9: found '', expected 'x', the graph's input");
}

}  // namespace
}  // namespace exportgate::graph
