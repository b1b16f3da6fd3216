// A printed ExportedProgram as a tree, before anything is made canonical. Every string_view points
// into the text that was parsed, unless it says otherwise.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/expression.h"

namespace exportgate::graph {

using ValueId = std::uint32_t;
using GraphId = std::uint32_t;
inline constexpr std::uint32_t none = 0xffffffffu;

/// What stands in quotes behind a name: "f32[s27, 8]", "Sym(2*s6)", "DTensor(f32[4, 4], S(0))".
struct Annotation {
    enum class Kind : std::uint8_t { absent, tensor, scalar, type };

    Kind kind = Kind::absent;
    std::string_view dtype;      // tensor: "f32"; type: the whole of it
    std::string_view subclass;   // tensor: "DTensor"; empty for a plain tensor
    std::string_view placement;  // of a DTensor over its mesh: "S(0)R"
    std::uint32_t first = 0;     // of Program::dims; a scalar has one
    std::uint32_t count = 0;
};

/// A placeholder or the result of a node.
struct Value {
    std::string_view name;
    Annotation annotation;
};

struct Operand {
    enum class Kind : std::uint8_t {
        none_literal,  // None
        boolean,       // text
        number,        // text, with its sign; also inf and nan
        string,        // text, with its quotes
        constant,      // a dotted name: torch.float32, a submodule (self.true_graph_0), "..."
        value,         // value
        sequence,      // list or tuple: children
        mapping,       // dict: children, key and value in turn
        call,          // device(type='cpu'): text is the name, children its operands
    };

    Kind kind = Kind::none_literal;
    ValueId value = none;
    std::uint32_t first = 0;  // of Program::operands
    std::uint32_t count = 0;
    std::string_view text;
    std::string_view keyword;  // empty for a positional operand
};

struct Node {
    enum class Kind : std::uint8_t {
        call,       // target(operands...)
        binary,     // operand 0 target operand 1
        unary,      // target operand 0
        subscript,  // operand 0 [operand 1]
        attribute,  // self.target
        alias,      // operand 0
    };

    Kind kind = Kind::call;
    std::string_view target;
    ValueId result = none;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    int line = 0;
};

/// One forward(): the program's own, or that of a nested graph module (a branch of `cond`,
/// `submod_1`).
struct Graph {
    std::string_view name;  // of the class
    std::vector<ValueId> placeholders;
    std::vector<Node> nodes;
    Operand returned;
    std::vector<GraphId> children;
    int line = 0;
};

struct InputSpec {
    std::string_view name;
    std::string_view kind;  // "USER_INPUT"
    std::string_view target;
    std::string_view persistent;  // "True", "False", empty where the print gives none
    int line = 0;
};

struct OutputSpec {
    std::string_view name;
    ValueId value = none;   // that has this name; none where the output is a constant
    std::string_view kind;  // "USER_OUTPUT"
    std::string_view target;
    int line = 0;
};

struct RangeConstraint {
    ExpressionId expression = 0;
    std::string_view lower;
    std::string_view upper;
};

/// What makes a program unreadable although every line of it can be read: sizes or a text that
/// would fill the memory.
struct Excess {
    int line = 0;
    std::string found;
    std::string expected;
};

struct Program {
    std::vector<Graph> graphs;  // the program's own first
    std::vector<Value> values;  // of all graphs
    std::vector<Operand> operands;
    std::vector<ExpressionId> dims;
    std::vector<InputSpec> inputs;  // one per placeholder of graphs[0]
    std::vector<OutputSpec> outputs;
    std::vector<RangeConstraint> ranges;
    std::deque<std::string> made_texts;              // of operands that the print does not have
    std::map<std::string_view, std::size_t> shared;  // target of an input -> its group
    Expressions expressions;
};

}  // namespace exportgate::graph
