// What every value of a program is in its canonical form: a numbered value, an expression that is
// written where it is used, a nested graph, ...; and the canonical names of the symbols.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/operators.h"
#include "graph/program.h"

namespace exportgate::graph {

struct Meaning {
    enum class Kind : std::uint8_t {
        number,      // %number
        expression,  // a size, or arithmetic on sizes
        module_,     // the nested graph of GraphId `number`
        constant,    // self.text: an attribute that is no nested graph
        sizes,       // all dims of value `number`
    };

    Kind kind = Kind::number;
    std::uint32_t number = 0;
    ExpressionId expression = 0;
    std::string_view text;
};

struct Evaluation {
    std::vector<Meaning> meanings;  // by ValueId
    std::vector<GraphId> order;     // of the graphs in the canonical text; the program's own first
    std::vector<std::uint32_t>
        graph_numbers;  // by GraphId: its place in `order` minus one; none for the program's own
    std::vector<bool> dissolved;  // by ValueId: its node is not written
    // Messages of runtime assertions, by operand: the expression inside them, in torch's words.
    std::unordered_map<std::uint32_t, ExpressionId> messages;
    std::vector<SymbolId> symbols;  // that the text uses, in the order of their canonical names
    /// Of these, by place: no shape and no operand has it. torch keeps the ranges of such symbols
    /// when it exports, and not when it loads; neither says anything of the program.
    std::vector<bool> only_in_messages;
    std::unordered_map<ValueId, std::vector<SymbolId>>
        definitions;               // used symbols first seen at this value of a node
    std::optional<Excess> excess;  // where the program's sizes cannot be written out
};

/// Also puts the nodes of `program` into their canonical order and their operands into their
/// canonical form, and names the symbols inside `program.expressions`.
Evaluation evaluate(Program& program, Operators& operators);

/// The place of the expression inside a message that torch makes by itself, "Runtime assertion
/// failed for expression u0 >= 2 on node 'ge_1'": text before it and behind it. Nothing for other
/// strings.
struct AssertionMessage {
    std::string_view before;
    std::string_view expression;
};
std::optional<AssertionMessage> assertion_message(std::string_view literal);

}  // namespace exportgate::graph
