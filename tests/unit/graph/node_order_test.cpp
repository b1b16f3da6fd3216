// The order of the nodes follows the data, whatever order they are printed in; what a program
// computes does not change with it.
#include <gmock/gmock.h>

#include <algorithm>

#include "small_print.h"

namespace exportgate::graph {
namespace {

using testing::HasSubstr;

/// `statements` are lines such as "a = aten.sin.default(x)".
std::string program(const std::vector<std::string>& statements, const std::string& returned,
                    const std::string& nested = "") {
    SmallPrint print;
    print.body.clear();
    for (const std::string& statement : statements)
        print.body += "            " + statement + "\n";
    print.body += "            return (" + returned + ",)\n";
    print.output_specs = "    " + returned + ": USER_OUTPUT\n";
    print.nested = nested;
    return canonical(print);
}

const std::string op = "torch.ops.aten.";

/// What the second statement does at its place, it does at the place of the first.
void expect_same(const std::vector<std::string>& a, const std::vector<std::string>& b,
                 const std::string& returned) {
    EXPECT_EQ(program(a, returned), program(b, returned));
}

void expect_different(const std::vector<std::string>& a, const std::vector<std::string>& b,
                      const std::string& returned) {
    EXPECT_NE(program(a, returned), program(b, returned));
}

std::vector<std::string> swapped(std::vector<std::string> statements, std::size_t i) {
    std::swap(statements.at(i), statements.at(i + 1));
    return statements;
}

TEST(NodeOrder, FollowsTheOperands) {
    const std::vector<std::string> statements{"b = " + op + "cos.default(y)",
                                              "a = " + op + "sin.default(x)",
                                              "c = " + op + "add.Tensor(a, b)"};
    expect_same(statements, swapped(statements, 0), "c");
    EXPECT_THAT(program(statements, "c"),
                HasSubstr("  %2 = aten.sin.default(%0)\n  %3 = aten.cos.default(%1)\n"
                          "  %4 = aten.add.Tensor(%2, %3)\n"));
}

TEST(NodeOrder, WhatNothingNeedsStaysAtTheEnd) {
    const std::vector<std::string> statements{"a = " + op + "sin.default(x)",
                                              "b = " + op + "cos.default(x)",
                                              "c = " + op + "tan.default(x)"};
    expect_same(statements, swapped(statements, 0), "c");
    expect_same(statements, swapped(statements, 1), "c");
    expect_different(statements, {statements[0], statements[2]}, "c");
    EXPECT_THAT(program(statements, "c"), HasSubstr("graph\n  %2 = aten.tan.default(%0)\n"));
}

TEST(NodeOrder, AssertionsAreASet) {
    const std::vector<std::string> statements{
        "a = " + op + "sin.default(x)", "one = " + op + "_assert_async.msg(x, 'one');  one = None",
        "two = " + op + "_assert_async.msg(x, 'two');  two = None",
        "three = " + op + "_assert_async.msg(a, 'three');  three = None"};
    expect_same(statements, swapped(statements, 1), "a");
    expect_same(statements, swapped(statements, 2), "a");
    expect_same(statements, swapped(statements, 0), "a");
    expect_different(statements, {statements[0], statements[1], statements[2]}, "a");
}

TEST(NodeOrder, AReadStaysOnItsSideOfAWrite) {
    const std::vector<std::string> statements{"a = " + op + "sin.default(x)",
                                              "w = " + op + "add_.Tensor(x, y);  w = None",
                                              "b = " + op + "cos.default(a)"};
    expect_different(statements, swapped(statements, 0), "b");
    const std::vector<std::string> other{"a = " + op + "sin.default(y)",
                                         "w = " + op + "add_.Tensor(x, 1);  w = None",
                                         "b = " + op + "cos.default(a)"};
    expect_same(other, swapped(other, 0), "b");
}

TEST(NodeOrder, AReadThroughAViewOfAViewStaysOnItsSideOfAWrite) {
    const std::vector<std::string> statements{
        "v = " + op + "transpose.int(x, 0, 1)", "vv = " + op + "unsqueeze.default(v, 0)",
        "a = " + op + "sin.default(vv)", "w = " + op + "add_.Tensor(x, y);  w = None",
        "b = " + op + "cos.default(a)"};
    expect_different(statements, swapped(statements, 2), "b");
}

TEST(NodeOrder, AReadOfTheBaseStaysOnItsSideOfAWriteThroughAView) {
    const std::vector<std::string> statements{
        "v = " + op + "slice.Tensor(x, 0, 0, 1)", "vv = " + op + "select.int(v, 0, 0)",
        "a = " + op + "sin.default(x)", "w = " + op + "fill_.Scalar(vv, 1);  w = None",
        "b = " + op + "cos.default(a)"};
    expect_different(statements, swapped(statements, 2), "b");
}

TEST(NodeOrder, AReadOfAPartStaysOnItsSideOfAWriteIntoAnother) {
    const std::vector<std::string> statements{"parts = " + op + "chunk.default(x, 2)",
                                              "p = parts[0]",
                                              "q = parts[1]",
                                              "a = " + op + "sin.default(p)",
                                              "w = " + op + "add_.Tensor(q, 1);  w = None",
                                              "b = " + op + "cos.default(a)"};
    expect_different(statements, swapped(statements, 3), "b");
}

TEST(NodeOrder, AReadOfTheResultOfAWriteIsOneOfWhatItWrites) {
    const std::vector<std::string> statements{
        "w = " + op + "add_.Tensor(x, 1)", "a = " + op + "sin.default(w)",
        "z = " + op + "mul_.Tensor(x, 2);  z = None", "b = " + op + "cos.default(a)"};
    expect_different(statements, swapped(statements, 1), "b");
}

TEST(NodeOrder, WritesKeepTheirOrder) {
    const std::vector<std::string> statements{"v = " + op + "add_.Tensor(x, 1);  v = None",
                                              "w = " + op + "mul_.Tensor(x, 2);  w = None",
                                              "a = " + op + "sin.default(x)"};
    expect_different(statements, swapped(statements, 0), "a");
    const std::vector<std::string> in_place{"x += 1;  v = x", "x *= 2;  w = x",
                                            "a = " + op + "sin.default(x)"};
    expect_different(in_place, swapped(in_place, 0), "a");
    expect_different(in_place, swapped(in_place, 1), "a");
}

TEST(NodeOrder, RandomNumbersAreDrawnInTheirOrder) {
    const std::vector<std::string> statements{"a = " + op + "rand_like.default(x)",
                                              "b = " + op + "randn_like.default(x)",
                                              "c = " + op + "add.Tensor(a, b)"};
    expect_different(statements, swapped(statements, 0), "c");
}

TEST(NodeOrder, DropoutThatDropsNothingDrawsNothing) {
    const std::vector<std::string> statements{"a = " + op + "dropout.default(x, 0.1, False)",
                                              "b = " + op + "dropout.default(y, 0.5, False)",
                                              "c = " + op + "add.Tensor(a, b)"};
    expect_same(statements, swapped(statements, 0), "c");
    std::vector<std::string> trained = statements;
    trained[0] = "a = " + op + "dropout.default(x, 0.1, True)";
    trained[1] = "b = " + op + "dropout.default(y, 0.5, True)";
    expect_different(trained, swapped(trained, 0), "c");
}

TEST(NodeOrder, BatchNormWritesItsStatistics) {
    const std::string training = ", None, None, y, None, True, 0.1, 1e-05, True)";
    const std::vector<std::string> statements{"a = " + op + "sin.default(y)",
                                              "n = " + op + "batch_norm.default(x" + training,
                                              "b = " + op + "add.Tensor(a, n)"};
    expect_different(statements, swapped(statements, 0), "b");
}

TEST(NodeOrder, NothingIsMovedAcrossAChangeOfTheGradMode) {
    const std::vector<std::string> statements{
        "a = " + op + "sin.default(x)", "m = torch._C._set_grad_enabled(False);  m = None",
        "b = " + op + "cos.default(y)", "c = " + op + "add.Tensor(a, b)"};
    expect_different(statements, swapped(statements, 0), "c");
    expect_different(statements, swapped(statements, 1), "c");
    std::vector<std::string> both = statements;
    both.insert(both.begin(), "d = " + op + "tan.default(y)");
    both.back() = "c = " + op + "where.self(d, a, b)";
    expect_same(both, swapped(both, 0), "c");
}

TEST(NodeOrder, AnOperatorThatNobodyKnowsCanDoAnything) {
    const std::vector<std::string> statements{"a = " + op + "sin.default(x)",
                                              "u = torch.ops.mine.update.default(x);  u = None",
                                              "b = " + op + "cos.default(a)"};
    expect_different(statements, swapped(statements, 0), "b");
    const std::vector<std::string> two{"a = torch.ops.mine.one.default(x)",
                                       "b = torch.ops.mine.two.default(y)",
                                       "c = " + op + "add.Tensor(a, b)"};
    expect_different(two, swapped(two, 0), "c");
    const std::vector<std::string> view{
        "v = torch.ops.mine.part.default(x)", "a = " + op + "sin.default(v)",
        "w = " + op + "add_.Tensor(x, 1);  w = None", "b = " + op + "cos.default(a)"};
    expect_different(view, swapped(view, 1), "b");
}

TEST(NodeOrder, NestedGraphsAreReadForWhatTheyDo) {
    const auto nested = [](const std::string& call) {
        return "        class branch(torch.nn.Module):\n            def forward(self, z):\n"
               "                r = torch.ops.aten." +
               call + "\n                return (r,)\n    \n";
    };
    const auto calls = [](const char* first, const char* second) {
        return std::vector<std::string>{"f = self.branch", first, second,
                                        "c = torch.ops.aten.add.Tensor(a, b)"};
    };
    const char* a = "a = torch.ops.higher_order.cond(x, f, f, [x])";
    const char* b = "b = torch.ops.aten.sin.default(x)";
    for (const std::string call : {"add_.Tensor(z, 1)", "bernoulli.default(z)"}) {
        const bool writes = call.starts_with("add_");
        EXPECT_NE(program(calls(a, b), "c", nested(call)), program(calls(b, a), "c", nested(call)))
            << writes;
    }
    EXPECT_EQ(program(calls(a, b), "c", nested("sin.default(z)")),
              program(calls(b, a), "c", nested("sin.default(z)")));
}

TEST(NodeOrder, SymbolsThatARunGivesAreThereBeforeTheirUse) {
    const std::vector<std::string> statements{
        "n: \"Sym(u5)\" = " + op + "item.default(y)", "m: \"Sym(u7)\" = " + op + "item.default(x)",
        "s: \"Sym(u5 + u7)\" = n + m", "c = " + op + "full.default([s], 0)"};
    expect_same(statements, swapped(statements, 0), "c");
}

}  // namespace
}  // namespace exportgate::graph
