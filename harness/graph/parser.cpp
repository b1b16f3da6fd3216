#include "graph/parser.h"

#include <array>

#include "graph/annotation_parser.h"
#include "graph/operand_parser.h"
#include "graph/signature_parser.h"
#include "graph/token_reader.h"

namespace exportgate::graph {
namespace {

constexpr int deepest_module = 50;

class ProgramParser {
  public:
    ProgramParser(std::string_view print, const std::string& file)
        : reader_(print, file), operands_(reader_, program_), annotations_(reader_, program_) {
        // About one node per 150 bytes of print; a guess only saves reallocations.
        program_.values.reserve(print.size() / 150);
        program_.operands.reserve(print.size() / 60);
        program_.dims.reserve(print.size() / 60);
        program_.expressions.bound_work(print.size());
    }

    Result<Program> parse() {
        const bool parsed = reader_.expect_name("ExportedProgram") && reader_.expect(":") &&
                            reader_.expect_newline() && parse_module(none, 0) &&
                            parse_signature(reader_, operands_, program_, main_scope_);
        if (!parsed) return tl::unexpected(reader_.error());
        return std::move(program_);
    }

  private:
    bool parse_module(GraphId parent, int depth) {
        if (depth > deepest_module) return reader_.fail("fewer nested graph modules");
        const int class_column = reader_.token().column;
        const auto id = static_cast<GraphId>(program_.graphs.size());
        Graph graph;
        graph.line = reader_.token().line;
        if (!reader_.expect_name("class") ||
            !reader_.expect_identifier(graph.name, "the name of a class") || !reader_.expect("(")) {
            return false;
        }
        if (reader_.token().kind != Token::Kind::name) return reader_.fail("a base class");
        reader_.advance();
        if (!reader_.expect(")") || !reader_.expect(":") || !reader_.expect_newline()) return false;
        program_.graphs.emplace_back();
        if (parent != none) program_.graphs[parent].children.push_back(id);
        NameTable scope;
        if (parent == none) scope.reserve(program_.values.capacity());
        if (!parse_forward(graph, scope, class_column)) return false;
        if (parent == none) main_scope_ = std::move(scope);
        program_.graphs[id] = std::move(graph);
        while (reader_.token().is_name("class") && reader_.token().column > class_column) {
            if (!parse_module(id, depth + 1)) return false;
        }
        return true;
    }

    bool parse_forward(Graph& graph, NameTable& scope, int class_column) {
        const int column = reader_.token().column;
        if (column <= class_column) return reader_.fail("an indented 'def forward'");
        if (!reader_.expect_name("def") || !reader_.expect_name("forward") ||
            !reader_.expect("(") || !reader_.expect_name("self")) {
            return false;
        }
        operands_.set_scope(&scope);
        while (reader_.accept(",")) {
            if (reader_.token().is(")")) break;
            if (!parse_placeholder(graph, scope)) return false;
        }
        if (!reader_.expect(")")) return false;
        if (reader_.accept("->")) {
            std::string_view annotation;
            if (!annotations_.parse_type(annotation)) return false;
        }
        if (!reader_.expect(":") || !reader_.expect_newline()) return false;
        while (!reader_.token().is_name("return")) {
            if (reader_.token().column <= column) return reader_.fail("'return' or a statement");
            if (!parse_statement(graph, scope)) return false;
        }
        if (reader_.token().column <= column) return reader_.fail("an indented 'return'");
        reader_.advance();
        return operands_.parse(graph.returned) && reader_.expect_newline();
    }

    bool parse_placeholder(Graph& graph, NameTable& scope) {
        const int line = reader_.token().line;
        Value value;
        if (!reader_.expect_identifier(value.name, "the name of an input") ||
            !annotations_.parse(value.annotation)) {
            return false;
        }
        Operand default_value;
        if (reader_.accept("=") && !operands_.parse(default_value)) return false;
        const ValueId id = add_value(value);
        graph.placeholders.push_back(id);
        return define(scope, id, line);
    }

    ValueId add_value(const Value& value) {
        program_.values.push_back(value);
        return static_cast<ValueId>(program_.values.size() - 1);
    }

    bool define(NameTable& scope, ValueId id, int line) {
        const std::string_view name = program_.values[id].name;
        if (scope.insert(name, id)) return true;
        return reader_.fail_at(line, concat({"a second definition of ", quoted(name)}),
                               "every value to be defined once");
    }

    bool parse_statement(Graph& graph, NameTable& scope) {
        const Token first = reader_.token();
        if (first.is_name("pass")) {
            reader_.advance();
            return reader_.expect_newline();
        }
        Value value;
        if (!reader_.expect_identifier(value.name, "a statement")) return false;
        Node node;
        node.line = first.line;
        if (is_in_place_operator(reader_.token()) || reader_.token().is("[")) {
            return parse_in_place(graph, scope, first);
        }
        if (!annotations_.parse(value.annotation) || !reader_.expect("=")) return false;
        if (!parse_right_side(node)) return false;
        finish(graph, node, value);
        return define(scope, node.result, first.line) && parse_deletions(scope);
    }

    void finish(Graph& graph, Node& node, const Value& value) {
        node.result = add_value(value);
        graph.nodes.push_back(node);
    }

    static bool is_in_place_operator(const Token& token) {
        return token.kind == Token::Kind::symbol && token.text.size() >= 2 &&
               token.text.back() == '=' && token.text != "==" && token.text != "!=" &&
               token.text != "<=" && token.text != ">=";
    }

    /// `x += y;  add = x` and `x[i] = y;  setitem = x`.
    bool parse_in_place(Graph& graph, NameTable& scope, const Token& first) {
        const auto target = scope.find(first.text);
        if (!target) {
            return reader_.fail_at(first.line, quoted(first.text), "a value defined above");
        }
        std::array<Operand, 3> operands;
        operands[0].kind = Operand::Kind::value;
        operands[0].value = *target;
        Node node;
        node.line = first.line;
        node.count = 2;
        node.target = reader_.token().text;
        if (reader_.accept("[")) {
            node.target = "[]=";
            node.count = 3;
            if (!operands_.parse(operands[1]) || !reader_.expect("]") || !reader_.expect("="))
                return false;
        } else {
            reader_.advance();
        }
        Value value;
        if (!operands_.parse(operands[node.count - 1]) || !reader_.expect(";") ||
            !reader_.expect_identifier(value.name, "the name of the result") ||
            !annotations_.parse(value.annotation) || !reader_.expect("=") ||
            !reader_.expect_name(first.text)) {
            return false;
        }
        operands_.store(operands.data(), node.count, node.first);
        finish(graph, node, value);
        return define(scope, node.result, first.line) && parse_deletions(scope);
    }

    /// `;  x = y = None`: says when values may be freed. Checked, then forgotten.
    bool parse_deletions(const NameTable& scope) {
        if (reader_.accept(";")) {
            bool any = false;
            while (!reader_.token().is_name("None") || !any) {
                if (reader_.token().kind != Token::Kind::name ||
                    !scope.find(reader_.token().text)) {
                    return reader_.fail("a value defined above");
                }
                any = true;
                reader_.advance();
                if (!reader_.expect("=")) return false;
            }
            reader_.advance();
        }
        return reader_.expect_newline();
    }

    bool parse_right_side(Node& node) {
        const Token first = reader_.token();
        std::array<Operand, 2> operands;
        if ((first.is("-") || first.is("+") || first.is("~"))) {
            Lexer ahead = reader_.lexer();
            const Token next = ahead.next();
            if (next.kind == Token::Kind::name && !next.is_number_word()) {
                reader_.advance();
                node.kind = Node::Kind::unary;
                node.target = first.text;
                return parse_operands(node, operands, 1);
            }
        }
        if (!operands_.parse(operands[0])) return false;
        const Token after = reader_.token();
        if (after.is("[")) {
            reader_.advance();
            node.kind = Node::Kind::subscript;
            if (!operands_.parse(operands[1]) || !reader_.expect("]")) return false;
            return keep(node, operands, 2);
        }
        if (is_binary_operator(after)) {
            reader_.advance();
            node.kind = Node::Kind::binary;
            node.target = after.text;
            if (!operands_.parse(operands[1])) return false;
            return keep(node, operands, 2);
        }
        return single_operand(node, operands[0], first);
    }

    bool parse_operands(Node& node, std::array<Operand, 2>& operands, std::uint32_t count) {
        for (std::uint32_t i = 0; i < count; ++i) {
            if (!operands_.parse(operands[i])) return false;
        }
        return keep(node, operands, count);
    }

    bool keep(Node& node, const std::array<Operand, 2>& operands, std::uint32_t count) {
        node.count = count;
        operands_.store(operands.data(), count, node.first);
        return true;
    }

    static bool is_binary_operator(const Token& token) {
        static constexpr std::array<std::string_view, 18> operators = {
            "+", "-", "*", "/", "//", "%",  "**", "<<", ">>",
            "&", "|", "^", "@", "==", "!=", "<",  ">",  "<="};
        if (token.kind != Token::Kind::symbol) return false;
        for (const std::string_view op : operators) {
            if (op == token.text) return true;
        }
        return token.text == ">=";
    }

    /// A call, self.submodule, x.method(...), or another name for a value.
    bool single_operand(Node& node, const Operand& operand, const Token& first) {
        if (operand.kind == Operand::Kind::value) {
            node.kind = Node::Kind::alias;
            return keep(node, {operand, {}}, 1);
        }
        if (operand.kind == Operand::Kind::constant && operand.text.starts_with("self.")) {
            node.kind = Node::Kind::attribute;
            node.target = operand.text.substr(5);
            return true;
        }
        if (operand.kind != Operand::Kind::call) {
            return reader_.fail_at(first.line, describe(first),
                                   "a call, an operator or self.<name>");
        }
        node.kind = Node::Kind::call;
        node.target = operand.text;
        node.first = operand.first;
        node.count = operand.count;
        return true;
    }

    Program program_;
    TokenReader reader_;
    OperandParser operands_;
    AnnotationParser annotations_;
    NameTable main_scope_;
};

}  // namespace

Result<Program> parse_program(std::string_view print, const std::string& file) {
    return ProgramParser(print, file).parse();
}

}  // namespace exportgate::graph
