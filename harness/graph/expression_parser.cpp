#include "graph/expression_parser.h"

#include <array>
#include <charconv>

#include "graph/characters.h"
#include "graph/concat.h"
#include "graph/lexer.h"

namespace exportgate::graph {
namespace {

constexpr int deepest_expression =
    100;  // nested brackets; sympy's own printer gives up long before

class ExpressionParser {
  public:
    ExpressionParser(std::string_view text, Expressions& expressions)
        : text_(text), lexer_(text), expressions_(expressions) {
        advance();
    }

    std::optional<ExpressionId> parse() {
        return parse_level(0, 0);
    }

    std::size_t position() const {
        return token_.text.data() == nullptr
                   ? text_.size()
                   : static_cast<std::size_t>(token_.text.data() - text_.data());
    }

    ExpressionError error;

  private:
    // From loosest to tightest, as in Python.
    static constexpr int levels = 7;
    static constexpr int level_of_sums = 5;

    static bool is_operator_of(int level, const Token& token) {
        if (token.kind != Token::Kind::symbol) return false;
        const std::string_view op = token.text;
        switch (level) {
            case 0:
                return op == "<" || op == "<=" || op == ">" || op == ">=" || op == "==" ||
                       op == "!=";
            case 1:
                return op == "|";
            case 2:
                return op == "^";
            case 3:
                return op == "&";
            case 4:
                return op == "<<" || op == ">>";
            case level_of_sums:
                return op == "+" || op == "-";
            default:
                return op == "*" || op == "/" || op == "//" || op == "%";
        }
    }

    void advance() {
        token_ = lexer_.next();
    }

    std::nullopt_t fail(std::string expected) {
        error = {describe(token_), std::move(expected)};
        return std::nullopt;
    }

    std::optional<ExpressionId> parse_level(int level, int depth) {
        if (level == levels) return parse_unary(depth);
        if (level == level_of_sums) return parse_sum(depth);
        auto left = parse_level(level + 1, depth);
        while (left && is_operator_of(level, token_)) {
            const std::string_view op = token_.text;
            advance();
            const auto right = parse_level(level + 1, depth);
            if (!right) return std::nullopt;
            left = op == "&" || op == "|" ? expressions_.call(op, std::array{*left, *right})
                                          : expressions_.binary(op, *left, *right);
        }
        return left;
    }

    /// All terms at once: a sum of thousands of symbols has as many sums at its start.
    std::optional<ExpressionId> parse_sum(int depth) {
        const auto first = parse_level(level_of_sums + 1, depth);
        if (!first || !is_operator_of(level_of_sums, token_)) return first;
        std::vector<Expressions::Term> terms{{*first}};
        while (is_operator_of(level_of_sums, token_)) {
            const bool subtracted = token_.is("-");
            advance();
            const auto term = parse_level(level_of_sums + 1, depth);
            if (!term) return std::nullopt;
            terms.push_back({*term, subtracted});
        }
        return expressions_.sum(terms);
    }

    std::optional<ExpressionId> parse_unary(int depth) {
        if (depth > deepest_expression) return fail("an expression with fewer nested operations");
        if (token_.is("-") || token_.is("+") || token_.is("~")) {
            const char op = token_.text[0];
            advance();
            const auto operand = parse_unary(depth + 1);
            if (!operand || op == '+') return operand;
            return op == '-' ? expressions_.negate(*operand) : expressions_.logical_not(*operand);
        }
        const auto base = parse_atom(depth);
        if (!base || !token_.is("**")) return base;
        advance();
        const auto exponent = parse_unary(depth + 1);
        if (!exponent) return std::nullopt;
        return expressions_.binary("**", *base, *exponent);
    }

    std::optional<ExpressionId> parse_atom(int depth) {
        const Token token = token_;
        if (token.kind == Token::Kind::number) {
            advance();
            std::int64_t value = 0;
            const char* end = token.text.data() + token.text.size();
            const auto [stop, failure] = std::from_chars(token.text.data(), end, value);
            if (failure == std::errc{} && stop == end) return expressions_.integer(value);
            return expressions_.literal(token.text);
        }
        if (token.kind == Token::Kind::name) {
            advance();
            if (token_.is("(")) return parse_call(token.text, depth);
            if (token.text == "True" || token.text == "False")
                return expressions_.boolean(token.text == "True");
            if (token.text == "oo" || token.text == "int_oo" || token.text == "inf" ||
                token.text == "nan" || token.text == "zoo" || token.text == "pi" ||
                token.text == "E") {
                return expressions_.literal(token.text);
            }
            if (token.text.find('.') != std::string_view::npos) {
                token_ = token;
                return fail("a symbol");
            }
            return expressions_.symbol(token.text);
        }
        if (token.is("(")) return parse_brackets(depth);
        return fail("a number, a symbol or a function");
    }

    std::optional<ExpressionId> parse_call(std::string_view name, int depth) {
        std::vector<ExpressionId> arguments;
        advance();
        while (!token_.is(")")) {
            if (depth >= deepest_expression)
                return fail("an expression with fewer nested operations");
            const auto argument = parse_level(0, depth + 1);
            if (!argument) return std::nullopt;
            arguments.push_back(*argument);
            if (!token_.is(",") && !token_.is(")")) return fail("',' or ')'");
            if (token_.is(",")) advance();
        }
        advance();
        return expressions_.call(name, arguments);
    }

    /// "(a)" is a; "(a, b)" is the pair that Piecewise takes.
    std::optional<ExpressionId> parse_brackets(int depth) {
        std::vector<ExpressionId> members;
        bool has_comma = false;
        advance();
        while (!token_.is(")")) {
            if (depth >= deepest_expression)
                return fail("an expression with fewer nested operations");
            const auto member = parse_level(0, depth + 1);
            if (!member) return std::nullopt;
            members.push_back(*member);
            if (!token_.is(",") && !token_.is(")")) return fail("',' or ')'");
            has_comma = has_comma || token_.is(",");
            if (token_.is(",")) advance();
        }
        if (members.empty()) return fail("an expression");
        advance();
        return has_comma ? expressions_.call("pair", members) : members[0];
    }

    std::string_view text_;
    Lexer lexer_;
    Expressions& expressions_;
    Token token_;
};

/// A plain number or symbol that ends at ',', ']', ')' or the end: nearly every dim of every print.
std::optional<ExpressionId> parse_plain(std::string_view& text, Expressions& expressions) {
    std::size_t end = 0;
    while (end < text.size() && (is_digit(text[end]) || is_letter(text[end])))
        ++end;
    const bool ends_here =
        end == text.size() || text[end] == ',' || text[end] == ']' || text[end] == ')';
    if (end == 0 || !ends_here) return std::nullopt;
    const std::string_view word = text.substr(0, end);
    if (is_digit(word[0])) {
        std::int64_t value = 0;
        const auto [stop, failure] = std::from_chars(word.data(), word.data() + end, value);
        if (failure != std::errc{} || stop != word.data() + end) return std::nullopt;
        text.remove_prefix(end);
        return expressions.integer(value);
    }
    // A symbol has digits in its name; words such as True and oo take the general way.
    if (!is_digit(word.back())) return std::nullopt;
    text.remove_prefix(end);
    return expressions.symbol(word);
}

}  // namespace

std::optional<ExpressionId> parse_expression(std::string_view& text, Expressions& expressions,
                                             ExpressionError& error) {
    if (const auto plain = parse_plain(text, expressions)) return plain;
    ExpressionParser parser(text, expressions);
    const auto expression = parser.parse();
    if (!expression) {
        error = parser.error;
        return std::nullopt;
    }
    if (expressions.excess() != nullptr) {
        error = {expressions.excess(), written_out};
        return std::nullopt;
    }
    text.remove_prefix(parser.position());
    return expression;
}

std::optional<ExpressionId> parse_whole_expression(std::string_view text, Expressions& expressions,
                                                   ExpressionError& error) {
    const auto expression = parse_expression(text, expressions, error);
    if (!expression) return std::nullopt;
    if (!text.empty()) {
        error = {concat({"'", text.substr(0, 20), "'"}), "the end of the expression"};
        return std::nullopt;
    }
    return expression;
}

}  // namespace exportgate::graph
