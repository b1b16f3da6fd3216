#include "graph/canonical_line.h"

#include <array>

#include "graph/concat.h"

namespace exportgate::graph {
namespace {

// More than the writer nests: 100 lists around an expression of 300 operations.
constexpr int deepest_bracket = 450;

bool is_operator(const Token& token) {
    static constexpr std::array<std::string_view, 19> operators = {
        "+", "-", "*", "/",  "//", "%", "**", "<<", ">>", "&",
        "|", "^", "@", "==", "!=", "<", ">",  "<=", ">="};
    if (token.kind != Token::Kind::symbol) return false;
    for (const std::string_view op : operators) {
        if (op == token.text) return true;
    }
    return false;
}

/// "s0", "u12", "zuf0"
bool is_symbol(std::string_view name) {
    const std::size_t digits = name.find_first_of("0123456789");
    const std::string_view word = name.substr(0, digits);
    return digits != std::string_view::npos &&
           name.find_first_not_of("0123456789", digits) == std::string_view::npos &&
           (word == "s" || word == "u" || word == "zf" || word == "zuf");
}

}  // namespace

/// "%3" or "@0": the sigil and, right behind it, a number.
bool CanonicalLine::read_numbered(char sigil, std::string& name) {
    const Token first = token_;
    if (first.kind != Token::Kind::symbol || first.text[0] != sigil || first.text.size() != 1)
        return fail(concat({"'", {&sigil, 1}, "<number>'"}));
    advance();
    const bool adjacent = token_.text.data() == first.text.data() + 1;
    if (token_.kind != Token::Kind::number || !adjacent) return fail("a number");
    name = concat({first.text, token_.text});
    advance();
    return true;
}

bool CanonicalLine::read_operand() {
    return read_operand(0);
}

bool CanonicalLine::read_operand(int depth) {
    if (depth > deepest_bracket) return fail("fewer nested brackets");
    while (true) {
        while (token_.is("-") || token_.is("~") || token_.is("+"))
            advance();
        if (!read_primary(depth)) return false;
        if (!is_operator(token_)) return true;
        advance();
    }
}

bool CanonicalLine::read_primary(int depth) {
    std::string name;
    if (token_.is("%")) {
        const Token value = token_;
        if (!read_numbered('%', name)) return false;
        if (!values_.contains(name)) {
            token_ = value;
            token_.text = {value.text.data(), name.size()};
            return fail("a value defined above");
        }
    } else if (token_.is("@")) {
        const Token graph = token_;
        if (!read_numbered('@', name)) return false;
        if (!graphs_.contains(name)) {
            token_ = graph;
            token_.text = {graph.text.data(), name.size()};
            return fail("a graph of this text");
        }
    } else if (token_.is("(") || token_.is("[") || token_.is("{")) {
        const std::string_view closing = token_.is("(") ? ")" : (token_.is("[") ? "]" : "}");
        advance();
        if (!read_list(closing, depth)) return false;
    } else if (token_.is("...") || token_.is("+=") || token_.kind == Token::Kind::number ||
               token_.kind == Token::Kind::string) {
        advance();
    } else if (token_.kind == Token::Kind::name) {
        // "u8[3]" is a tensor of bytes.
        const bool is_dtype = lexer_.comes_next('[');
        if (!is_dtype && is_symbol(token_.text) && !symbols_.contains(token_.text))
            return fail("a symbol of the legend");
        advance();
    } else {
        return fail("an operand");
    }
    while (token_.is("(") || token_.is("[")) {
        const std::string_view closing = token_.is("(") ? ")" : "]";
        advance();
        if (!read_list(closing, depth)) return false;
    }
    return true;
}

/// What follows an opening bracket, up to and with the closing one: operands, "name=operand", "key:
/// value".
bool CanonicalLine::read_list(std::string_view closing, int depth) {
    while (!token_.is(closing)) {
        if (token_.kind == Token::Kind::name && lexer_.comes_next('=')) {
            Lexer ahead = lexer_;
            if (ahead.next().is("=")) {
                advance();
                advance();
            }
        }
        if (!read_operand(depth + 1)) return false;
        if (closing == "}" && token_.is(":")) {
            advance();
            if (!read_operand(depth + 1)) return false;
        }
        if (!token_.is(",") && !token_.is(closing))
            return fail(concat({"',' or ", quoted(closing)}));
        if (token_.is(",")) advance();
    }
    advance();
    return true;
}

bool CanonicalLine::read_statement(Names& defined) {
    std::string name;
    if (token_.kind == Token::Kind::name) {
        if (!symbols_.contains(token_.text)) return fail("a symbol of the legend");
        advance();
    } else if (!read_numbered('%', name)) {
        return false;
    }
    if (token_.is("<")) {
        do {
            advance();
            if (token_.kind != Token::Kind::name || !symbols_.contains(token_.text))
                return fail("a symbol of the legend");
            advance();
        } while (token_.is(","));
        if (!token_.is(">")) return fail("'>'");
        advance();
    }
    if (!token_.is("=")) return fail("'='");
    advance();
    // Operators that change their operand are written as calls: "+=(%0, %1)".
    if (token_.kind == Token::Kind::symbol && token_.text.size() > 1 && token_.text.ends_with('='))
        advance();
    if (token_.is("[") && lexer_.comes_next(']')) {
        Lexer ahead = lexer_;
        ahead.next();
        if (ahead.next().is("=")) {
            advance();
            advance();
            advance();
        }
    }
    if (!read_operand(0)) return false;
    if (!at_end()) return fail("end of line");
    if (!name.empty() && !defined.insert(name).second)
        return fail("every value to be defined once");
    return true;
}

bool CanonicalLine::read_parameters(Names& defined) {
    std::string name;
    if (!read_numbered('@', name)) return false;
    if (!token_.is("(")) return fail("'('");
    advance();
    while (!token_.is(")")) {
        if (!read_numbered('%', name)) return false;
        defined.insert(name);
        if (token_.is(":")) {
            advance();
            if (!read_operand(0)) return false;
        }
        if (!token_.is(",") && !token_.is(")")) return fail("',' or ')'");
        if (token_.is(",")) advance();
    }
    advance();
    return at_end() || fail("end of line");
}

}  // namespace exportgate::graph
