// What is no print of an ExportedProgram is an error that says where and why.
#include <gmock/gmock.h>

#include "recordings.h"
#include "small_print.h"

namespace exportgate::graph {
namespace {

using testing::HasSubstr;

std::string error_of_body(const std::string& body) {
    SmallPrint print;
    print.body = body;
    return error_of(print.text());
}

TEST(Parser, SaysWhereWhatWasFoundAndWhatWasExpected) {
    EXPECT_EQ(error_of(""), "p.txt:1: found end of file, expected 'ExportedProgram'");
    EXPECT_EQ(error_of("GraphModule()\n"),
              "p.txt:1: found 'GraphModule', expected 'ExportedProgram'");
    EXPECT_EQ(error_of_body(
                  "            add = torch.ops.aten.add.Tensor(x, z)\n            return (add,)\n"),
              "p.txt:4: found 'z', expected a literal or a value defined above");
    EXPECT_EQ(error_of_body(
                  "            add = torch.ops.aten.add.Tensor(x, y\n            return (add,)\n"),
              "p.txt:5: found 'return', expected ',' or ')'");
    EXPECT_EQ(error_of_body("            add = x.size(0)\n            return (add,)\n"),
              "p.txt:4: found 'x.size', expected a function or a literal, not a member of a value");
    EXPECT_EQ(
        error_of_body("            x = torch.ops.aten.sin.default(y)\n            return (x,)\n"),
        "p.txt:4: found a second definition of 'x', expected every value to be defined once");
}

TEST(Parser, RefusesBadAnnotations) {
    for (const std::string annotation :
         {"f32", "f32[", "f32[3", "f32[3,", "f32[3,]", "f32[3] ", "[3]", "Sym(", "Sym()", "Sym(s0",
          "Sym(s0 +)", "f32[s0 s1]", "F32[3]", ""}) {
        SmallPrint print;
        print.inputs = "x: \"" + annotation + "\", y: \"f32[3]\"";
        EXPECT_THAT(error_of(print.text()), HasSubstr("p.txt:3: found ")) << annotation;
    }
}

TEST(Parser, RefusesASignatureOfAnotherGraph) {
    SmallPrint missing;
    missing.input_specs = "    x: USER_INPUT\n";
    EXPECT_EQ(error_of(missing.text()),
              "p.txt:7: found a Graph signature with 1 inputs, expected 2, as many as forward has");
    SmallPrint other;
    other.input_specs = "    x: USER_INPUT\n    z: USER_INPUT\n";
    EXPECT_EQ(error_of(other.text()), "p.txt:10: found 'z', expected 'y', the graph's input");
    SmallPrint output;
    output.output_specs = "    y: USER_OUTPUT\n";
    EXPECT_EQ(error_of(output.text()),
              "p.txt:13: found output 'y', expected the value that forward returns there");
}

TEST(Parser, RefusesBadRanges) {
    for (const std::string ranges : {"", "{", "{s0}", "{s0: VR}", "{s0: VR[2]}", "{s0: VR[2, ]}",
                                     "{s0: VR[2, 3}", "{: VR[2, 3]}", "{s0: VR[2, 3]} x"}) {
        SmallPrint print;
        print.ranges = ranges;
        EXPECT_THAT(error_of(print.text()),
                    testing::ContainsRegex("^p.txt:1[56]: found .*, expected "))
            << ranges;
    }
}

TEST(Parser, SurvivesHostileNesting) {
    const std::size_t deep = 100'000;
    EXPECT_THAT(error_of_body("            add = torch.ops.aten.f.default(" +
                              std::string(deep, '[') + "\n"),
                HasSubstr("found"));
    SmallPrint print;
    print.inputs = "x: \"f32[" + std::string(deep, '(') + "\", y";
    EXPECT_THAT(error_of(print.text()), HasSubstr("found"));
    print.inputs = "x: \"f32[" + std::string(deep, '-') + "\", y";
    EXPECT_THAT(error_of(print.text()), HasSubstr("found"));
}

TEST(Parser, ReadsEveryKindOfLiteral) {
    SmallPrint print;
    print.body =
        R"p(            add = torch.ops.my.f.default(x, [None, True, -1, 1e-05, -inf, nan, (1.5-2j), 2j], {'a': y, 'b': ()}, "it's", 'a\'"b', slice(None, 2, None), ..., torch.strided, k = device(type='cuda', index=0))
            return (add,)
)p";
    EXPECT_THAT(canonical(print), HasSubstr("my.f.default(%0, [None, True, -1, 1e-05, -inf, nan, "
                                            "(1.5-2j), 2j], {'a': %1, 'b': []}, \"it's\", "
                                            "'a\\'\"b', slice(None, 2, None), ..., torch.strided, "
                                            "k=device(index=0, type='cuda'))"));
}

TEST(Parser, ReadsOperatorsThatChangeTheirOperand) {
    SmallPrint print;
    print.body = "            x += y;  add: \"f32[s0, 4]\" = x\n            return (add,)\n";
    EXPECT_THAT(canonical(print), HasSubstr("  %2 = +=(%0, %1)\n"));
}

TEST(CanonicalText, IsCheckedWhenItIsReadBack) {
    const std::string text = canonical(SmallPrint());
    EXPECT_EQ(canonical(text), text);
    const auto edited = [&](const std::string& from, const std::string& to) {
        std::string copy = text;
        copy.replace(copy.find(from), from.size(), to);
        return error_of(copy);
    };
    EXPECT_EQ(edited("graph 2", "graph 7"),
              "p.txt:1: found 'exportgate graph 7', expected 'exportgate graph 2'");
    EXPECT_EQ(edited("(%0, %1)", "(%0, %5)"),
              "p.txt:11: found '%5', expected a value defined above");
    EXPECT_EQ(edited("f32[s0, 4]", "f32[s1, 4]"),
              "p.txt:7: found 's1', expected a symbol of the legend");
    EXPECT_EQ(edited("(%0, %1)", "(%0, %1"), "p.txt:11: found end of file, expected ',' or ')'");
    EXPECT_EQ(edited("\noutputs", "\noutput"),
              "p.txt:12: found '', expected an empty line and 'outputs'");
    EXPECT_EQ(edited("  %1  USER", "  %2  USER"),
              "p.txt:8: found '  %2  USER_INPUT  f32[s0, 4]', expected input '%1'");
}

TEST(Parser, EveryTruncationIsAnError) {
    for (const std::string file :
         {"2.13.0/nested_cond.txt", "2.13.0/buffers_mutated.txt", "2.6.0/unbacked.txt"}) {
        const std::string print = recording(file);
        const std::size_t end = print.find_last_not_of(" \n") + 1;
        for (std::size_t size = 0; size < end; ++size) {
            const auto result = canonicalise(std::string_view(print).substr(0, size), file);
            ASSERT_FALSE(result.has_value()) << file << " cut at " << size;
            ASSERT_GT(result.error().line, 0);
        }
    }
}

TEST(Parser, LineEndsOfWindowsChangeNothing) {
    for (const std::string& file : recorded_prints()) {
        const std::string print = recording(file);
        std::string windows;
        for (const char c : print)
            windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
        EXPECT_EQ(canonical(windows), canonical(print)) << file;
    }
}

}  // namespace
}  // namespace exportgate::graph
