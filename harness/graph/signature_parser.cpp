#include "graph/signature_parser.h"

#include <unordered_map>

#include "graph/expression_parser.h"

namespace exportgate::graph {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view unquoted(std::string_view text) {
    return text.size() >= 2 ? text.substr(1, text.size() - 2) : text;
}

class SignatureParser {
  public:
    SignatureParser(TokenReader& reader, OperandParser& operands, Program& program,
                    const NameTable& scope)
        : reader_(reader), operands_(operands), program_(program), scope_(scope) {}

    bool parse() {
        const int line = reader_.token().line;
        if (!reader_.expect_name("Graph") || !reader_.expect_name("signature")) return false;
        if (!reader_.token().is(":")) return reader_.fail("':'");
        // Behind the colon comes 2.6's ExportGraphSignature(...), or a line break and comment lines
        // that hold the signature.
        const Token colon = reader_.token();
        reader_.advance();
        operands_.set_scope(nullptr);
        if (reader_.token().is_name("ExportGraphSignature") && reader_.token().line == colon.line) {
            if (!parse_constructor()) return false;
        } else {
            reader_.lexer().rewind(colon);
            reader_.lexer().skip_line();
            if (!parse_lines()) return false;
            reader_.advance();
        }
        return parse_ranges() && check(line);
    }

  private:
    bool fail_line(int line, std::string_view found, std::string_view expected) {
        return reader_.fail_at(line, quoted(found.substr(0, 60)), expected);
    }

    bool take_line(std::string_view& text, int& line) {
        line = reader_.lexer().line();
        if (reader_.lexer().at_end())
            return reader_.fail_at(line, "end of file", "the rest of the Graph signature");
        text = trimmed(reader_.lexer().take_line());
        return true;
    }

    bool parse_lines() {
        std::string_view text;
        int line = 0;
        if (!take_line(text, line)) return false;
        if (text != "# inputs") return fail_line(line, text, "'# inputs'");
        while (true) {
            if (!take_line(text, line)) return false;
            if (text.empty()) break;
            InputSpec spec;
            if (!parse_spec(text, line, spec.name, spec.kind, spec.target, &spec.persistent))
                return false;
            spec.line = line;
            program_.inputs.push_back(spec);
        }
        if (!take_line(text, line)) return false;
        // A program without inputs prints one more empty line.
        if (text.empty() && !take_line(text, line)) return false;
        if (text != "# outputs") return fail_line(line, text, "'# outputs'");
        while (true) {
            if (!take_line(text, line)) return false;
            if (text.empty()) return true;
            OutputSpec spec;
            if (!parse_spec(text, line, spec.name, spec.kind, spec.target, nullptr)) return false;
            spec.line = line;
            program_.outputs.push_back(spec);
        }
    }

    /// `b_b: BUFFER target='b' persistent=True`; the name is empty for a constant output.
    bool parse_spec(std::string_view text, int line, std::string_view& name, std::string_view& kind,
                    std::string_view& target, std::string_view* persistent) {
        const std::size_t colon = text.find(": ");
        if (colon == std::string_view::npos) return fail_line(line, text, "'<name>: <KIND>'");
        name = text.substr(0, colon);
        std::string_view rest = text.substr(colon + 2);
        std::size_t end = 0;
        while (end < rest.size() && ((rest[end] >= 'A' && rest[end] <= 'Z') || rest[end] == '_'))
            ++end;
        kind = rest.substr(0, end);
        if (kind.empty()) return fail_line(line, rest, "a kind such as USER_INPUT");
        rest.remove_prefix(end);
        constexpr std::string_view persistent_key = " persistent=";
        if (persistent != nullptr) {
            const std::size_t at = rest.rfind(persistent_key);
            if (at != std::string_view::npos) {
                *persistent = rest.substr(at + persistent_key.size());
                rest = rest.substr(0, at);
                if (*persistent != "True" && *persistent != "False") {
                    return fail_line(line, *persistent, "True or False");
                }
            }
        }
        constexpr std::string_view target_key = " target='";
        if (rest.starts_with(target_key) && rest.size() > target_key.size() &&
            rest.ends_with('\'')) {
            target = rest.substr(target_key.size(), rest.size() - target_key.size() - 1);
            rest = {};
        }
        if (!rest.empty()) return fail_line(line, rest, "target='...' or end of line");
        return true;
    }

    /// 2.6: ExportGraphSignature(input_specs=[InputSpec(kind=..., arg=TensorArgument(name='x'),
    /// target=None, ...), ...], output_specs=[OutputSpec(...), ...])
    bool parse_constructor() {
        const int line = reader_.token().line;
        Operand signature;
        if (!operands_.parse(signature) || !reader_.expect_newline()) return false;
        const Operand* inputs = find(signature, "input_specs");
        const Operand* outputs = find(signature, "output_specs");
        if (inputs == nullptr || outputs == nullptr || signature.count != 2) {
            return reader_.fail_at(line, "another ExportGraphSignature",
                                   "input_specs and output_specs");
        }
        for (const Operand& operand : children(*inputs)) {
            InputSpec spec;
            spec.line = line;
            if (!read_spec(operand, "InputSpec", "InputKind.", line, spec.name, spec.kind,
                           spec.target))
                return false;
            const Operand* persistent = find(operand, "persistent");
            if (persistent != nullptr && persistent->kind == Operand::Kind::boolean) {
                spec.persistent = persistent->text;
            }
            program_.inputs.push_back(spec);
        }
        for (const Operand& operand : children(*outputs)) {
            OutputSpec spec;
            spec.line = line;
            if (!read_spec(operand, "OutputSpec", "OutputKind.", line, spec.name, spec.kind,
                           spec.target))
                return false;
            program_.outputs.push_back(spec);
        }
        return true;
    }

    std::span<const Operand> children(const Operand& operand) const {
        return std::span(program_.operands).subspan(operand.first, operand.count);
    }

    const Operand* find(const Operand& call, std::string_view keyword) const {
        for (const Operand& child : children(call)) {
            if (child.keyword == keyword) return &child;
        }
        return nullptr;
    }

    bool read_spec(const Operand& spec, std::string_view constructor, std::string_view enumeration,
                   int line, std::string_view& name, std::string_view& kind,
                   std::string_view& target) {
        const Operand* spec_kind = find(spec, "kind");
        const Operand* argument = find(spec, "arg");
        const Operand* spec_target = find(spec, "target");
        const Operand* argument_name = argument == nullptr ? nullptr : find(*argument, "name");
        const bool readable = spec.kind == Operand::Kind::call && spec.text == constructor &&
                              spec_kind != nullptr && spec_kind->kind == Operand::Kind::constant &&
                              spec_kind->text.starts_with(enumeration) && spec_target != nullptr &&
                              argument_name != nullptr &&
                              argument_name->kind == Operand::Kind::string &&
                              (spec_target->kind == Operand::Kind::none_literal ||
                               spec_target->kind == Operand::Kind::string);
        if (!readable) {
            return reader_.fail_at(
                line, "an unknown entry of the Graph signature",
                concat({constructor, "(kind=..., arg=...Argument(name='...'), target=...)"}));
        }
        name = unquoted(argument_name->text);
        kind = spec_kind->text.substr(enumeration.size());
        if (spec_target->kind == Operand::Kind::string) target = unquoted(spec_target->text);
        return true;
    }

    /// Range constraints: {s27: VR[1, 1024], u0: VR[0, int_oo]}
    bool parse_ranges() {
        if (!reader_.expect_name("Range") || !reader_.expect_name("constraints")) return false;
        if (!reader_.token().is(":")) return reader_.fail("':'");
        reader_.advance();
        if (!reader_.token().is("{")) return reader_.fail("'{'");
        reader_.advance();
        while (!reader_.token().is("}")) {
            if (!parse_range()) return false;
            if (reader_.token().is(",")) {
                reader_.advance();
            } else if (!reader_.token().is("}")) {
                return reader_.fail("',' or '}'");
            }
        }
        reader_.advance();
        if (!reader_.expect_newline()) return false;
        if (reader_.token().kind != Token::Kind::end) return reader_.fail("end of file");
        return true;
    }

    bool parse_range() {
        // The expression ends at the ':' outside of brackets; no expression holds a ':'.
        const Token first = reader_.token();
        while (!reader_.token().is(":")) {
            if (reader_.token().kind == Token::Kind::end || reader_.token().is("}"))
                return reader_.fail("':'");
            reader_.advance();
        }
        const char* begin = first.text.data();
        const std::string_view text(begin,
                                    static_cast<std::size_t>(reader_.token().text.data() - begin));
        ExpressionError error;
        const auto expression = parse_whole_expression(text, program_.expressions, error);
        if (!expression) return reader_.fail_at(first.line, error.found, error.expected);
        reader_.advance();
        RangeConstraint range;
        range.expression = *expression;
        if (!reader_.expect_name("VR") || !reader_.expect("[") || !parse_bound(range.lower) ||
            !reader_.expect(",") || !parse_bound(range.upper) || !reader_.expect("]")) {
            return false;
        }
        program_.ranges.push_back(range);
        return true;
    }

    /// "2", "-int_oo", "0.5", and "5/3" where a relation between dims divides.
    bool parse_bound(std::string_view& bound) {
        const Token first = reader_.token();
        if (reader_.token().is("-")) reader_.advance();
        Token last = reader_.token();
        const bool is_bound = last.kind == Token::Kind::number || last.is_name("int_oo") ||
                              last.is_name("oo") || last.is_name("True") || last.is_name("False");
        if (!is_bound) return reader_.fail("a bound");
        reader_.advance();
        if (last.kind == Token::Kind::number && reader_.accept("/")) {
            last = reader_.token();
            if (last.kind != Token::Kind::number) return reader_.fail("the divisor of a bound");
            reader_.advance();
        }
        bound = {first.text.data(),
                 static_cast<std::size_t>(last.text.data() + last.text.size() - first.text.data())};
        return true;
    }

    bool fail_count(int line, std::size_t in_signature, std::size_t in_graph,
                    std::string_view what) {
        return reader_.fail_at(
            line, concat({"a Graph signature with ", std::to_string(in_signature), " ", what}),
            concat({std::to_string(in_graph), ", as many as forward has"}));
    }

    /// The signature must be about this graph.
    bool check(int line) {
        const Graph& graph = program_.graphs[0];
        if (program_.inputs.size() != graph.placeholders.size()) {
            return fail_count(line, program_.inputs.size(), graph.placeholders.size(), "inputs");
        }
        for (std::size_t i = 0; i < program_.inputs.size(); ++i) {
            const InputSpec& spec = program_.inputs[i];
            const Value& placeholder = program_.values[graph.placeholders[i]];
            const std::string_view name = placeholder.name;
            // Programs saved by old releases have no name for an input that is None or a number.
            const bool is_nameless_constant =
                spec.name.empty() && spec.kind == "USER_INPUT" &&
                placeholder.annotation.kind == Annotation::Kind::absent;
            if (is_nameless_constant) continue;
            const auto value = scope_.find(spec.name);
            if (spec.name != name && (!value || !is_alias_of(*value, graph.placeholders[i]))) {
                return fail_line(spec.line, spec.name,
                                 concat({quoted(name), ", the graph's input"}));
            }
        }
        const std::size_t returned =
            graph.returned.kind == Operand::Kind::sequence ? graph.returned.count : 1;
        if (program_.outputs.size() != returned) {
            return fail_count(line, program_.outputs.size(), returned, "outputs");
        }
        return check_outputs(graph);
    }

    bool check_outputs(const Graph& graph) {
        const std::span<const Operand> returned = graph.returned.kind == Operand::Kind::sequence
                                                      ? children(graph.returned)
                                                      : std::span(&graph.returned, 1);
        for (std::size_t i = 0; i < returned.size(); ++i) {
            OutputSpec& spec = program_.outputs[i];
            const auto value = scope_.find(spec.name);
            if (value) spec.value = *value;
            if (returned[i].kind == Operand::Kind::value && !value) {
                return fail_line(spec.line, spec.name, "the name of a value");
            }
        }
        return true;
    }

    bool is_alias_of(ValueId alias, ValueId value) {
        if (aliases_.empty()) {
            for (const Node& node : program_.graphs[0].nodes) {
                if (node.kind != Node::Kind::alias) break;
                aliases_.emplace(node.result, program_.operands[node.first].value);
            }
        }
        const auto at = aliases_.find(alias);
        return at != aliases_.end() && at->second == value;
    }

    TokenReader& reader_;
    OperandParser& operands_;
    Program& program_;
    const NameTable& scope_;
    std::unordered_map<ValueId, ValueId> aliases_;  // those at the start of the graph
};

}  // namespace

bool parse_signature(TokenReader& reader, OperandParser& operands, Program& program,
                     const NameTable& scope) {
    return SignatureParser(reader, operands, program, scope).parse();
}

}  // namespace exportgate::graph
