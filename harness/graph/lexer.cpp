#include "graph/lexer.h"

#include <array>

#include "graph/concat.h"

namespace exportgate::graph {
namespace {

enum CharClass : std::uint8_t { other, letter, digit };

constexpr std::array<std::uint8_t, 256> make_classes() {
    std::array<std::uint8_t, 256> classes{};
    for (int c = 'a'; c <= 'z'; ++c)
        classes[static_cast<std::size_t>(c)] = letter;
    for (int c = 'A'; c <= 'Z'; ++c)
        classes[static_cast<std::size_t>(c)] = letter;
    for (int c = '0'; c <= '9'; ++c)
        classes[static_cast<std::size_t>(c)] = digit;
    classes['_'] = letter;
    // Python takes letters of any script in names; which of them are letters does not matter here.
    for (int c = 128; c < 256; ++c)
        classes[static_cast<std::size_t>(c)] = letter;
    return classes;
}

constexpr std::array<std::uint8_t, 256> classes = make_classes();

std::uint8_t class_of(char c) {
    return classes[static_cast<unsigned char>(c)];
}

}  // namespace

std::string describe(const Token& token) {
    switch (token.kind) {
        case Token::Kind::end:
            return "end of file";
        case Token::Kind::newline:
            return "end of line";
        case Token::Kind::bad:
            if (!token.text.empty() && (token.text[0] == '"' || token.text[0] == '\'')) {
                return "a string that does not end";
            }
            [[fallthrough]];
        case Token::Kind::name:
        case Token::Kind::number:
        case Token::Kind::string:
        case Token::Kind::symbol:
            break;
    }
    constexpr std::size_t longest = 60;
    std::string text(token.text.substr(0, longest));
    if (token.text.size() > longest) text += "...";
    return token.kind == Token::Kind::string ? text : concat({"'", text, "'"});
}

Token Lexer::make(Token::Kind kind, std::size_t begin, std::size_t end) {
    at_ = end;
    line_has_token_ = true;
    return {kind, text_.substr(begin, end - begin), line_, static_cast<int>(begin - line_start_)};
}

Token Lexer::next() {
    while (at_ < text_.size()) {
        const char c = text_[at_];
        if (c == ' ' || c == '\t') {
            ++at_;
        } else if (c == '\n' || (c == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n')) {
            const bool ends_a_line = line_has_token_ && depth_ == 0;
            Token token = make(Token::Kind::newline, at_, at_ + (c == '\r' ? 2 : 1));
            ++line_;
            line_start_ = at_;
            if (depth_ == 0) line_has_token_ = false;
            if (ends_a_line) return token;
        } else if (c == '#') {
            const std::size_t line_end = text_.find('\n', at_);
            at_ = line_end == std::string_view::npos ? text_.size() : line_end;
        } else if (class_of(c) == letter) {
            std::size_t end = at_ + 1;
            while (end < text_.size() &&
                   (class_of(text_[end]) != other || (text_[end] == '.' && end + 1 < text_.size() &&
                                                      class_of(text_[end + 1]) == letter))) {
                ++end;
            }
            return make(Token::Kind::name, at_, end);
        } else if (class_of(c) == digit) {
            return number(at_);
        } else if (c == '"' || c == '\'') {
            return string(at_);
        } else {
            return symbol(at_);
        }
    }
    const bool ends_a_line = line_has_token_ && depth_ == 0;
    Token token = make(ends_a_line ? Token::Kind::newline : Token::Kind::end, at_, at_);
    line_has_token_ = false;
    return token;
}

Token Lexer::string(std::size_t begin) {
    const char quote = text_[begin];
    for (std::size_t at = begin + 1; at < text_.size() && text_[at] != '\n'; ++at) {
        if (text_[at] == '\\') {
            ++at;
            if (at < text_.size() && text_[at] == '\n') break;
        } else if (text_[at] == quote) {
            return make(Token::Kind::string, begin, at + 1);
        }
    }
    return make(Token::Kind::bad, begin, begin + 1);
}

Token Lexer::number(std::size_t begin) {
    std::size_t at = begin;
    const auto digits = [&] {
        while (at < text_.size() && class_of(text_[at]) == digit)
            ++at;
    };
    digits();
    if (at < text_.size() && text_[at] == '.') {
        ++at;
        digits();
    }
    if (at < text_.size() && (text_[at] == 'e' || text_[at] == 'E')) {
        std::size_t exponent = at + 1;
        if (exponent < text_.size() && (text_[exponent] == '-' || text_[exponent] == '+'))
            ++exponent;
        if (exponent >= text_.size() || class_of(text_[exponent]) != digit) {
            return make(Token::Kind::bad, begin, exponent);
        }
        at = exponent;
        digits();
    }
    if (at < text_.size() && text_[at] == 'j') ++at;
    if (at < text_.size() && class_of(text_[at]) != other)
        return make(Token::Kind::bad, begin, at + 1);
    return make(Token::Kind::number, begin, at);
}

Token Lexer::symbol(std::size_t begin) {
    // Longest first.
    static constexpr std::array<std::string_view, 22> long_symbols = {
        "**=", "//=", "<<=", ">>=", "...", "**", "//", "<<", ">>", "==", "!=",
        "<=",  ">=",  "->",  "+=",  "-=",  "*=", "/=", "%=", "&=", "|=", "^="};
    const char c = text_[begin];
    switch (c) {
        case '(':
        case '[':
        case '{':
            ++depth_;
            return make(Token::Kind::symbol, begin, begin + 1);
        case ')':
        case ']':
        case '}':
            if (depth_ > 0) --depth_;
            return make(Token::Kind::symbol, begin, begin + 1);
        case ',':
        case ':':
        case ';':
            return make(Token::Kind::symbol, begin, begin + 1);
        default:
            break;
    }
    const std::string_view rest = text_.substr(begin, 3);
    for (const std::string_view candidate : long_symbols) {
        if (rest.starts_with(candidate)) {
            return make(Token::Kind::symbol, begin, begin + candidate.size());
        }
    }
    constexpr std::string_view single = "=+-*/%&|^@<>~";
    const bool known = single.find(c) != std::string_view::npos;
    return make(known ? Token::Kind::symbol : Token::Kind::bad, begin, begin + 1);
}

void Lexer::skip_line() {
    take_line();
}

std::string_view Lexer::take_line() {
    const std::size_t begin = at_;
    const std::size_t line_end = text_.find('\n', at_);
    std::size_t end = line_end == std::string_view::npos ? text_.size() : line_end;
    at_ = line_end == std::string_view::npos ? text_.size() : line_end + 1;
    if (line_end != std::string_view::npos) ++line_;
    line_start_ = at_;
    line_has_token_ = false;
    if (end > begin && line_end != std::string_view::npos && text_[end - 1] == '\r') --end;
    return text_.substr(begin, end - begin);
}

void Lexer::rewind(const Token& token) {
    at_ = static_cast<std::size_t>(token.text.data() - text_.data());
    line_start_ = at_ - static_cast<std::size_t>(token.column);
    line_ = token.line;
    depth_ = 0;
    line_has_token_ = false;
}

void Lexer::rewind_to_line(const Token& token) {
    rewind(token);
    at_ = line_start_;
}

}  // namespace exportgate::graph
