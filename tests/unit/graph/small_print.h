// Small prints for claims about one thing each. Everything a test does not name is as in the print
// of a program that takes x and y.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "graph/graph.h"

namespace exportgate::graph {

struct SmallPrint {
    std::string inputs = R"(x: "f32[s0, 4]", y: "f32[s0, 4]")";
    std::string body =
        R"(            add: "f32[s0, 4]" = torch.ops.aten.add.Tensor(x, y);  x = y = None
            return (add,)
)";
    std::string nested;
    std::string input_specs = "    x: USER_INPUT\n    y: USER_INPUT\n";
    std::string output_specs = "    add: USER_OUTPUT\n";
    std::string ranges = "{s0: VR[2, 64]}";

    std::string text() const {
        return "ExportedProgram:\n    class GraphModule(torch.nn.Module):\n        def "
               "forward(self, " +
               inputs + "):\n" + body + "    \n" + nested + "Graph signature: \n    # inputs\n" +
               input_specs + "    \n    # outputs\n" + output_specs +
               "    \nRange constraints: " + ranges + "\n";
    }
};

inline std::string canonical(const std::string& print) {
    const auto result = canonicalise(print, "p.txt");
    EXPECT_TRUE(result.has_value()) << to_string(result.error()) << "\n" << print;
    return result ? result->text : "";
}

inline std::string canonical(const SmallPrint& print) {
    return canonical(print.text());
}

inline std::string error_of(const std::string& print) {
    const auto result = canonicalise(print, "p.txt");
    return result ? "no error" : to_string(result.error());
}

inline std::string error_of(const SmallPrint& print) {
    return error_of(print.text());
}

/// A program whose last call takes what `statements` compute from n = x.size(0) and m = y.size(1).
inline std::string sized(const std::string& statements, const std::string& size) {
    SmallPrint print;
    print.inputs = R"(x: "f32[s3, 4]", y: "f32[4, s1]")";
    print.body = R"p(            n: "Sym(s3)" = torch.ops.aten.sym_size.int(x, 0)
            m: "Sym(s1)" = torch.ops.aten.sym_size.int(y, 1)
)p" + statements +
                 "            add: \"f32[4]\" = torch.ops.aten.full.default([" + size +
                 "], 0)\n            return (add,)\n";
    print.ranges = "{s3: VR[2, 64], s1: VR[2, 64]}";
    return canonical(print);
}

}  // namespace exportgate::graph
