#include "graph/operand_parser.h"

namespace exportgate::graph {
namespace {

constexpr int deepest_operand =
    100;  // nested lists; keeps a hostile text from exhausting the stack

constexpr std::string_view shown_operand = "an operand whose value the print shows";

/// The source text from the start of `first` to the end of `last`.
std::string_view spanning(std::string_view first, std::string_view last) {
    return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
}

}  // namespace

bool OperandParser::parse(Operand& operand, int depth) {
    if (depth > deepest_operand) return reader_.fail("fewer nested brackets");
    const Token token = reader_.token();
    switch (token.kind) {
        case Token::Kind::name:
            return parse_name(operand, depth);
        case Token::Kind::number:
            reader_.advance();
            operand.kind = Operand::Kind::number;
            operand.text = token.text;
            return true;
        case Token::Kind::string:
            reader_.advance();
            operand.kind = Operand::Kind::string;
            operand.text = token.text;
            return true;
        case Token::Kind::symbol:
            if (token.text == "[") {
                reader_.advance();
                operand.kind = Operand::Kind::sequence;
                return parse_children(operand, "]", false, depth);
            }
            if (token.text == "(") return parse_brackets(operand, depth);
            if (token.text == "{") return parse_mapping(operand, depth);
            if (token.text == "-") return parse_number(operand);
            if (token.text == "<") return parse_enumerator(operand);
            if (token.text == "...") {
                reader_.advance();
                operand.kind = Operand::Kind::constant;
                operand.text = token.text;
                return true;
            }
            break;
        case Token::Kind::end:
        case Token::Kind::newline:
        case Token::Kind::bad:
            break;
    }
    return reader_.fail("an operand");
}

bool OperandParser::parse_name(Operand& operand, int depth) {
    const Token token = reader_.token();
    const std::string_view name = token.text;
    const std::size_t dot = name.find('.');
    if (dot != std::string_view::npos && scope_ != nullptr && !name.starts_with("torch.") &&
        scope_->find(name.substr(0, dot))) {
        // The graph of an ExportedProgram calls functions only; methods would hide the name of a
        // value inside a constant.
        return reader_.fail("a function or a literal, not a member of a value");
    }
    reader_.advance();
    if (reader_.token().is("(")) {
        // fx prints a tensor among the operands by its size and dtype only.
        if (name == "torch.Tensor") {
            return reader_.fail_at(token.line, "a tensor without its values, 'torch.Tensor(...)'",
                                   shown_operand);
        }
        reader_.advance();
        operand.kind = Operand::Kind::call;
        operand.text = name;
        return parse_children(operand, ")", true, depth);
    }
    if (scope_ != nullptr) {
        if (const auto value = scope_->find(name)) {
            operand.kind = Operand::Kind::value;
            operand.value = *value;
            return true;
        }
    }
    if (name == "None") {
        operand.kind = Operand::Kind::none_literal;
    } else if (name == "True" || name == "False") {
        operand.kind = Operand::Kind::boolean;
        operand.text = name;
    } else if (token.is_number_word()) {
        operand.kind = Operand::Kind::number;
        operand.text = name;
    } else if (dot != std::string_view::npos || name == "Ellipsis" || name == "self") {
        operand.kind = Operand::Kind::constant;
        operand.text = name == "Ellipsis" ? std::string_view("...") : name;
    } else {
        return reader_.fail_at(token.line, quoted(name), "a literal or a value defined above");
    }
    return true;
}

bool OperandParser::parse_number(Operand& operand) {
    const Token sign = reader_.token();
    reader_.advance();
    const Token number = reader_.token();
    const bool adjacent = number.text.data() == sign.text.data() + 1;
    if (!adjacent || (number.kind != Token::Kind::number && !number.is_number_word())) {
        return reader_.fail("a number after '-'");
    }
    reader_.advance();
    operand.kind = Operand::Kind::number;
    operand.text = spanning(sign.text, number.text);
    return true;
}

/// "<InputKind.USER_INPUT: 1>", as a constant "InputKind.USER_INPUT".
bool OperandParser::parse_enumerator(Operand& operand) {
    const Token opening = reader_.token();
    reader_.advance();
    const Token name = reader_.token();
    if (name.kind != Token::Kind::name) {
        return reader_.fail("an enumerator such as <InputKind.USER_INPUT: 1>");
    }
    reader_.advance();
    if (!reader_.token().is(":")) return refuse_object(opening, name);
    if (name.text.find('.') == std::string_view::npos) return reader_.fail("an enumerator's name");
    reader_.advance();
    if (reader_.token().kind != Token::Kind::number) return reader_.fail("the enumerator's number");
    reader_.advance();
    operand.kind = Operand::Kind::constant;
    operand.text = name.text;
    return reader_.expect(">");
}

/// "<torch.ScriptObject object at 0x55ea>" says nothing of what the object holds. The message
/// leaves the address out: it is another one in each process.
bool OperandParser::refuse_object(const Token& opening, const Token& name) {
    Token last = name;
    while (reader_.token().kind == Token::Kind::name && !reader_.token().is_name("at")) {
        last = reader_.token();
        reader_.advance();
    }
    const std::string_view object = spanning(opening.text, last.text);
    return reader_.fail_at(
        opening.line,
        concat({"an object without its contents, ", quoted(concat({object.substr(0, 80), ">"}))}),
        shown_operand);
}

bool OperandParser::parse_children(Operand& parent, std::string_view closing, bool with_keywords,
                                   int depth) {
    const std::size_t mark = pending_.size();
    bool saw_keyword = false;
    while (!reader_.token().is(closing)) {
        Operand child;
        bool has_keyword = false;
        if (with_keywords && reader_.token().kind == Token::Kind::name) {
            // `name =` introduces a keyword operand; a name alone is an operand.
            if (reader_.lexer().comes_next('=')) {
                child.keyword = reader_.token().text;
                has_keyword = true;
                reader_.advance();
                reader_.advance();
            }
        }
        if (saw_keyword && !has_keyword) return reader_.fail("a keyword operand");
        saw_keyword = has_keyword;
        if (!parse(child, depth + 1)) return false;
        pending_.push_back(child);
        if (reader_.token().is(",")) {
            reader_.advance();
        } else if (!reader_.token().is(closing)) {
            return reader_.fail(concat({"',' or ", quoted(closing)}));
        }
    }
    reader_.advance();
    parent.count = static_cast<std::uint32_t>(pending_.size() - mark);
    store(pending_.data() + mark, parent.count, parent.first);
    pending_.resize(mark);
    return true;
}

bool OperandParser::parse_mapping(Operand& operand, int depth) {
    const std::size_t mark = pending_.size();
    reader_.advance();
    while (!reader_.token().is("}")) {
        for (const std::string_view after : {std::string_view(":"), std::string_view(",")}) {
            Operand child;
            if (!parse(child, depth + 1)) return false;
            pending_.push_back(child);
            if (after == "," && reader_.token().is("}")) break;
            if (!reader_.expect(after)) return false;
        }
    }
    reader_.advance();
    operand.kind = Operand::Kind::mapping;
    operand.count = static_cast<std::uint32_t>(pending_.size() - mark);
    store(pending_.data() + mark, operand.count, operand.first);
    pending_.resize(mark);
    return true;
}

/// A tuple; or a complex number, which Python prints in brackets: "(1+2j)".
bool OperandParser::parse_brackets(Operand& operand, int depth) {
    const Token opening = reader_.token();
    reader_.advance();
    Lexer ahead = reader_.lexer();
    Token real = reader_.token();
    if (real.is("-")) real = ahead.next();
    if (real.kind == Token::Kind::number || real.is_number_word()) {
        const Token sign = ahead.next();
        const Token imaginary = ahead.next();
        const Token closing = ahead.next();
        if ((sign.is("+") || sign.is("-")) && imaginary.text.ends_with('j') && closing.is(")")) {
            while (!reader_.token().is(")"))
                reader_.advance();
            operand.kind = Operand::Kind::number;
            operand.text = spanning(opening.text, reader_.token().text);
            reader_.advance();
            return true;
        }
    }
    operand.kind = Operand::Kind::sequence;
    return parse_children(operand, ")", false, depth);
}

}  // namespace exportgate::graph
