// Short prints whose sizes would fill the memory are errors at their line; long sums are read.
// Without the bounds these tests do not end.
#include <gmock/gmock.h>

#include <array>

#include "graph/expression.h"
#include "small_print.h"

namespace exportgate::graph {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

std::string repeated(const std::string& text, const std::string& separator, int count) {
    std::string result = text;
    for (int i = 1; i < count; ++i)
        result += separator + text;
    return result;
}

/// "s0 + s1 + ..."
std::string joined_symbols(const std::string& prefix, const std::string& separator, int count) {
    std::string result = prefix + "0";
    for (int i = 1; i < count; ++i)
        result += separator + prefix + std::to_string(i);
    return result;
}

SmallPrint with_dim(const std::string& dim) {
    SmallPrint print;
    print.inputs = "x: \"f32[" + dim + "]\", y";
    print.body = "            return (x,)\n";
    print.output_specs = "    x: USER_OUTPUT\n";
    return print;
}

/// y0 is the size of x; `step` makes each of the next ones, with I and J for it and the one before.
SmallPrint with_chain(const std::string& step, int count) {
    SmallPrint print;
    print.body = "            y0 = torch.ops.aten.sym_size.int(x, 0)\n";
    for (int i = 1; i <= count; ++i) {
        for (const char c : step) {
            if (c == 'I') {
                print.body += std::to_string(i);
            } else if (c == 'J') {
                print.body += std::to_string(i - 1);
            } else {
                print.body += c;
            }
        }
    }
    print.body += "            return (x,)\n";
    print.output_specs = "    x: USER_OUTPUT\n";
    return print;
}

TEST(BoundedWork, PowersOfSumsAreAnErrorAtTheirLine) {
    const std::string product = repeated("(s0 + s1)", "*", 240);
    EXPECT_THAT(
        error_of(with_dim(product)),
        ContainsRegex("^p.txt:3: found \"f32.* with an expression of more than 50000 parts, "
                      "expected sizes that can be written out"));
    EXPECT_THAT(error_of(with_dim("((((s0 + s1)**16)**16)**16)**16")), HasSubstr("50000 parts"));
    SmallPrint range;
    range.ranges = "{" + product + ": VR[2, 3]}";
    EXPECT_THAT(error_of(range), HasSubstr("p.txt:15: found an expression of more than 50000"));
    SmallPrint message;
    message.body =
        "            z = torch.ops.aten._assert_scalar.default(x, \"Runtime assertion failed for "
        "expression " +
        product + " on node 'n'\")\n            return (x,)\n";
    message.output_specs = "    x: USER_OUTPUT\n";
    EXPECT_THAT(error_of(message), HasSubstr("p.txt:4: found an expression of more than 50000"));
}

TEST(BoundedWork, ChainsOfNodesAreAnErrorAtTheirLine) {
    EXPECT_THAT(error_of(with_chain("            yI = yJ + yJ\n", 10'000)),
                ContainsRegex("^p.txt:[0-9]+: found an expression of more than 50000 parts"));
    EXPECT_THAT(error_of(with_chain("            yI = yJ * yJ\n", 10'000)),
                ContainsRegex("^p.txt:[0-9]+: found an expression of more than 50000 parts"));
    EXPECT_EQ(error_of(with_chain("            yI = yJ / 3\n", 10'000)),
              "p.txt:304: found an expression of more than 300 nested operations, expected sizes "
              "that can be written out");
}

TEST(BoundedWork, ProgramsWithChainsOfAnOrdinaryLengthAreRead) {
    EXPECT_EQ(error_of(with_chain("            yI = yJ + yJ\n", 100)), "no error");
    EXPECT_EQ(error_of(with_chain("            yI = yJ // 3\n", 100)), "no error");
}

TEST(BoundedWork, TheDeepestTextIsReadBack) {
    SmallPrint print = with_chain("            yI = yJ / 3\n", 297);
    print.body.replace(print.body.rfind("return (x,)"), 11,
                       "z = torch.ops.aten.f.default(" + std::string(99, '[') + "y297" +
                           std::string(99, ']') + ")\n            return (x,)");
    const std::string text = canonical(print);
    EXPECT_THAT(text, HasSubstr("((((((((((s0 / 3) / 3) / 3"));
    EXPECT_EQ(canonical(text), text);
}

TEST(BoundedWork, ASumOfThousandsOfSymbolsIsRead) {
    const std::string text = canonical(with_dim(joined_symbols("s", " + ", 20'000)));
    EXPECT_THAT(text, HasSubstr("f32[s0 + s1 + s2 + "));
    EXPECT_THAT(text, HasSubstr(" + s19999]"));
    EXPECT_EQ(canonical(text), text);
}

TEST(BoundedWork, AProductOfThousandsOfSymbolsIsAnError) {
    EXPECT_THAT(error_of(with_dim(joined_symbols("s", "*", 20'000))),
                HasSubstr("more work on sizes than a print of this length may cost"));
    EXPECT_EQ(error_of(with_dim(joined_symbols("s", "*", 200))), "no error");
}

TEST(BoundedWork, ATextFarLongerThanThePrintIsAnError) {
    SmallPrint print = with_dim(joined_symbols("s", " + ", 2'000));
    print.body = "            n = torch.ops.aten.sym_size.int(x, 0)\n";
    for (int i = 0; i < 2'000; ++i) {
        print.body += "            z" + std::to_string(i) + " = torch.ops.aten.f.default(" +
                      repeated("n", ", ", 9) + ")\n";
    }
    print.body += "            return (x,)\n";
    EXPECT_THAT(error_of(print),
                ContainsRegex("^p.txt:[0-9]+: found more than [0-9]+ bytes of canonical text, "
                              "expected a text in proportion to the print"));
}

TEST(BoundedWork, ASumIsWhatAddingOneByOneGives) {
    Expressions expressions;
    const ExpressionId a = expressions.symbol("s0");
    const ExpressionId b = expressions.symbol("s1");
    const ExpressionId f = expressions.symbol("zf0");
    const ExpressionId huge = expressions.multiply(expressions.integer(INT64_MAX), a);
    const std::array<std::vector<Expressions::Term>, 6> sums = {{
        {{a}, {b}, {a}},
        {{a}, {b}, {a, true}, {b, true}},
        {{expressions.integer(3)}, {a, true}, {expressions.integer(3), true}},
        {{huge}, {a}, {a, true}},
        {{huge, false}, {b}, {huge}},
        {{a}, {f}, {b}, {f, true}},
    }};
    for (const auto& terms : sums) {
        ExpressionId expected = terms[0].id;
        for (std::size_t i = 1; i < terms.size(); ++i) {
            expected = terms[i].subtracted ? expressions.subtract(expected, terms[i].id)
                                           : expressions.add(expected, terms[i].id);
        }
        EXPECT_EQ(expressions.sum(terms), expected);
    }
    EXPECT_EQ(expressions.excess(), nullptr);
}

}  // namespace
}  // namespace exportgate::graph
