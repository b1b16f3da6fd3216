#include "graph/evaluation.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "graph/expression_parser.h"
#include "graph/node_order.h"
#include "graph/numbering.h"
#include "graph/operand_binding.h"
#include "graph/operator_names.h"
#include "graph/symbol_use.h"

namespace exportgate::graph {
namespace {

/// In the order of the print: values have the numbers of their ValueId.
class Evaluator {
  public:
    Evaluator(Program& program, Operators& operators)
        : program_(program), operators_(operators), symbols_(program) {}

    Evaluation run() {
        result_.meanings.resize(program_.values.size());
        result_.dissolved.resize(program_.values.size(), false);
        for (GraphId id = 0; id < program_.graphs.size() && !result_.excess; ++id)
            walk(id);
        if (result_.excess) return std::move(result_);
        order_nodes(program_, result_, symbols_, operators_);
        number_values(program_, result_);
        check_excess(program_.graphs[0].line);
        return std::move(result_);
    }

  private:
    void walk(GraphId id) {
        Graph& graph = program_.graphs[id];
        children_ = NameTable();
        for (const GraphId child : graph.children)
            children_.insert(program_.graphs[child].name, child);
        for (const ValueId placeholder : graph.placeholders) {
            Meaning& meaning = result_.meanings[placeholder];
            meaning.number = placeholder;
            symbols_.see(placeholder, id == 0);
            const Annotation& annotation = program_.values[placeholder].annotation;
            if (annotation.kind == Annotation::Kind::scalar) {
                meaning.kind = Meaning::Kind::expression;
                meaning.expression = program_.dims[annotation.first];
            }
        }
        check_excess(graph.line);
        for (Node& node : graph.nodes) {
            if (result_.excess) return;
            if (dissolve(node)) {
                result_.dissolved[node.result] = true;
            } else {
                keep(node);
            }
            check_excess(node.line);
        }
    }

    void check_excess(int line) {
        const char* excess = program_.expressions.excess();
        if (excess != nullptr && !result_.excess)
            result_.excess = Excess{line, excess, written_out};
    }

    void keep(Node& node) {
        if (node.kind == Node::Kind::call)
            bind_operands(program_, node, operators_.find(node.target));
        symbols_.see(node.result, false);
        Meaning& meaning = result_.meanings[node.result];
        const Annotation& annotation = program_.values[node.result].annotation;
        const bool is_assertion =
            node.kind == Node::Kind::call && node.target.find("assert") != std::string_view::npos;
        for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
            if (is_assertion && program_.operands[i].kind == Operand::Kind::string) read_message(i);
        }
        if (annotation.kind == Annotation::Kind::scalar) {
            const ExpressionId scalar = program_.dims[annotation.first];
            if (program_.expressions.is_symbol(scalar) &&
                symbols_.first_seen_at(program_.expressions.symbol_of(scalar)) == node.result) {
                meaning.kind = Meaning::Kind::expression;
                meaning.expression = scalar;
                return;
            }
        }
        meaning.number = node.result;
    }

    /// True where the node is not written: its meaning is, where it is used.
    bool dissolve(const Node& node) {
        Meaning& meaning = result_.meanings[node.result];
        switch (node.kind) {
            case Node::Kind::alias:
                meaning = result_.meanings[program_.operands[node.first].value];
                return true;
            case Node::Kind::attribute:
                attribute(node, meaning);
                return true;
            case Node::Kind::subscript:
                return subscript(node, meaning);
            case Node::Kind::binary:
            case Node::Kind::unary:
            case Node::Kind::call:
                return scalar(node, meaning);
        }
        return false;
    }

    void attribute(const Node& node, Meaning& meaning) {
        if (const auto child = children_.find(node.target)) {
            meaning.kind = Meaning::Kind::module_;
            meaning.number = *child;
            return;
        }
        meaning.kind = Meaning::Kind::constant;
        meaning.text = node.target;
    }

    bool subscript(const Node& node, Meaning& meaning) {
        const Operand& base = program_.operands[node.first];
        const Operand& index = program_.operands[node.first + 1];
        if (base.kind != Operand::Kind::value || index.kind != Operand::Kind::number) return false;
        const Meaning& sizes = result_.meanings[base.value];
        if (sizes.kind != Meaning::Kind::sizes) return false;
        return dim_of(sizes.number, index, meaning);
    }

    bool dim_of(ValueId tensor, const Operand& dim, Meaning& meaning) {
        const Annotation& annotation = program_.values[tensor].annotation;
        const auto number = integer(dim);
        if (annotation.kind != Annotation::Kind::tensor || !number) return false;
        const std::int64_t rank = annotation.count;
        const std::int64_t at = *number < 0 ? *number + rank : *number;
        if (at < 0 || at >= rank) return false;
        meaning.kind = Meaning::Kind::expression;
        meaning.expression = program_.dims[annotation.first + static_cast<std::uint32_t>(at)];
        return true;
    }

    static std::optional<std::int64_t> integer(const Operand& operand) {
        if (operand.kind != Operand::Kind::number) return std::nullopt;
        std::int64_t value = 0;
        const char* end = operand.text.data() + operand.text.size();
        const auto [stop, failure] = std::from_chars(operand.text.data(), end, value);
        if (failure != std::errc{} || stop != end) return std::nullopt;
        return value;
    }

    bool scalar(const Node& node, Meaning& meaning) {
        const Operand* operands = program_.operands.data() + node.first;
        if (node.kind == Node::Kind::call) {
            if (node.target.starts_with("torch.ops.")) return size_query(node, operands, meaning);
            if (!is_scalar_function(node.target) && operator_function(node.target).empty())
                return false;
        }
        std::vector<ExpressionId> arguments;
        bool any_value = false;
        for (std::uint32_t i = 0; i < node.count; ++i) {
            if (!collect(operands[i], arguments, any_value)) return false;
        }
        if (!any_value) return false;
        Expressions& expressions = program_.expressions;
        std::string_view op = node.target;
        if (node.kind == Node::Kind::call && !operator_function(op).empty())
            op = operator_function(op);
        ExpressionId value = 0;
        if (node.kind == Node::Kind::unary) {
            value = op == "-" ? expressions.negate(arguments[0])
                              : (op == "~" ? expressions.logical_not(arguments[0]) : arguments[0]);
        } else if (node.kind == Node::Kind::call && op == node.target) {
            value = expressions.call(op, arguments);
        } else if (arguments.size() == 2) {
            value = op == "&" || op == "|" ? expressions.call(op, arguments)
                                           : expressions.binary(op, arguments[0], arguments[1]);
        } else {
            return false;
        }
        meaning.kind = Meaning::Kind::expression;
        meaning.expression = value;
        return true;
    }

    /// The scalars of an operand; false where it is a tensor or anything else.
    bool collect(const Operand& operand, std::vector<ExpressionId>& arguments, bool& any_value) {
        if (!operand.keyword.empty()) return false;
        if (operand.kind == Operand::Kind::sequence) {
            for (std::uint32_t i = 0; i < operand.count; ++i) {
                if (!collect(program_.operands[operand.first + i], arguments, any_value))
                    return false;
            }
            return true;
        }
        const auto expression = expression_of(operand);
        if (!expression) return false;
        any_value = any_value || operand.kind == Operand::Kind::value;
        arguments.push_back(*expression);
        return true;
    }

    std::optional<ExpressionId> expression_of(const Operand& operand) {
        if (operand.kind == Operand::Kind::boolean)
            return program_.expressions.boolean(operand.text == "True");
        if (const auto number = integer(operand)) return program_.expressions.integer(*number);
        if (operand.kind == Operand::Kind::number)
            return program_.expressions.literal(operand.text);
        if (operand.kind != Operand::Kind::value) return std::nullopt;
        const Meaning& meaning = result_.meanings[operand.value];
        if (meaning.kind == Meaning::Kind::expression) return meaning.expression;
        const Annotation& annotation = program_.values[operand.value].annotation;
        if (meaning.kind != Meaning::Kind::number || annotation.kind != Annotation::Kind::scalar)
            return std::nullopt;
        const bool is_float = program_.expressions.is_float(program_.dims[annotation.first]);
        return program_.expressions.value(meaning.number, is_float);
    }

    /// sym_size and its kin: what the shape of the tensor says.
    bool size_query(const Node& node, const Operand* operands, Meaning& meaning) {
        constexpr std::string_view prefix = "torch.ops.aten.sym_";
        if (!node.target.starts_with(prefix) || node.count == 0 ||
            operands[0].kind != Operand::Kind::value)
            return false;
        const ValueId tensor = operands[0].value;
        if (result_.meanings[tensor].kind != Meaning::Kind::number) return false;
        const Annotation& annotation = program_.values[tensor].annotation;
        const bool known = annotation.kind == Annotation::Kind::tensor;
        const std::string_view query = node.target.substr(prefix.size());
        if (query == "size.default" && node.count == 1 && known) {
            meaning.kind = Meaning::Kind::sizes;
            meaning.number = tensor;
            return true;
        }
        const bool is_size = query == "size.int" && node.count == 2 && operands[1].keyword.empty();
        const bool is_numel = query == "numel.default" && node.count == 1;
        if (!is_size && !is_numel) return false;
        if (!known) return from_own_annotation(node, meaning);
        if (is_size) return dim_of(tensor, operands[1], meaning);
        meaning.kind = Meaning::Kind::expression;
        meaning.expression = program_.expressions.integer(1);
        for (std::uint32_t i = 0; i < annotation.count; ++i) {
            meaning.expression = program_.expressions.multiply(meaning.expression,
                                                               program_.dims[annotation.first + i]);
        }
        return true;
    }

    /// For a size of a tensor that has no annotation: what the annotation of the size says, unless
    /// it brings a new symbol.
    bool from_own_annotation(const Node& node, Meaning& meaning) {
        const Annotation& annotation = program_.values[node.result].annotation;
        if (annotation.kind != Annotation::Kind::scalar) return false;
        const ExpressionId size = program_.dims[annotation.first];
        scratch_.clear();
        program_.expressions.collect_symbols(size, scratch_);
        for (const SymbolId symbol : scratch_) {
            if (!symbols_.has_seen(symbol)) return false;
        }
        meaning.kind = Meaning::Kind::expression;
        meaning.expression = size;
        return true;
    }

    void read_message(std::uint32_t operand) {
        const auto message = assertion_message(program_.operands[operand].text);
        if (!message) return;
        ExpressionError error;
        const auto expression =
            parse_whole_expression(message->expression, program_.expressions, error);
        if (!expression) return;
        result_.messages.emplace(operand, *expression);
    }

    Program& program_;
    Operators& operators_;
    Evaluation result_;
    SymbolUse symbols_;
    NameTable children_;  // the nested graphs of the graph that is being walked
    std::vector<SymbolId> scratch_;
};

}  // namespace

std::optional<AssertionMessage> assertion_message(std::string_view literal) {
    constexpr std::string_view start = "Runtime assertion failed for expression ";
    constexpr std::string_view middle = " on node '";
    if (literal.size() < 2) return std::nullopt;
    const std::string_view text = literal.substr(1, literal.size() - 2);
    const std::size_t node = text.rfind(middle);
    if (!text.starts_with(start) || node == std::string_view::npos || node < start.size() ||
        !text.ends_with('\'')) {
        return std::nullopt;
    }
    return AssertionMessage{start, text.substr(start.size(), node - start.size())};
}

Evaluation evaluate(Program& program, Operators& operators) {
    return Evaluator(program, operators).run();
}

}  // namespace exportgate::graph
