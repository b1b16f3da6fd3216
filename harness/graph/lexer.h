// The printed program as tokens. The print is Python source for the graph, so the rules are
// Python's: a line break inside brackets means nothing, a comment runs to the end of its line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace exportgate::graph {

struct Token {
    enum class Kind : std::uint8_t {
        end,      // of the text
        newline,  // of a line that held tokens, outside of brackets
        name,     // "add_1", and dotted: "torch.ops.aten.add.Tensor"
        number,   // without its sign: "1e-05"
        string,   // with its quotes
        symbol,   // brackets and operators: "(", "**", "+="
        bad,      // a byte that starts no token, or a string that does not end
    };

    Kind kind = Kind::end;
    std::string_view text;
    int line = 1;
    int column = 0;  // 0-based, bytes

    bool is(std::string_view symbol) const {
        return kind == Kind::symbol && text == symbol;
    }
    bool is_name(std::string_view name) const {
        return kind == Kind::name && text == name;
    }
    /// "inf", "nan", and "infj", "nanj" of complex numbers.
    bool is_number_word() const {
        return is_name("inf") || is_name("nan") || is_name("infj") || is_name("nanj");
    }
};

/// How a message names the token: `'foo'`, `end of line`, `end of file`.
std::string describe(const Token& token);

class Lexer {
  public:
    explicit Lexer(std::string_view text, int first_line = 1) : text_(text), line_(first_line) {}

    Token next();

    /// Whether `symbol` follows, on the same line.
    bool comes_next(char symbol) const {
        std::size_t at = at_;
        while (at < text_.size() && text_[at] == ' ')
            ++at;
        return at < text_.size() && text_[at] == symbol;
    }

    /// Moves to the start of the line that follows the one being read. Only outside of brackets.
    void skip_line();

    /// The whole current line without its line break, leaving the lexer at the next line. The
    /// caller must be at the start of a line.
    std::string_view take_line();

    /// Back to `token`, which this lexer returned earlier, outside of brackets.
    void rewind(const Token& token);

    /// Back to the start of the line of `token`, which this lexer returned earlier.
    void rewind_to_line(const Token& token);

    bool at_end() const {
        return at_ >= text_.size();
    }
    int line() const {
        return line_;
    }

  private:
    Token make(Token::Kind kind, std::size_t begin, std::size_t end);
    Token string(std::size_t begin);
    Token number(std::size_t begin);
    Token symbol(std::size_t begin);

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_start_ = 0;
    int line_ = 1;
    int depth_ = 0;  // of brackets
    bool line_has_token_ = false;
};

}  // namespace exportgate::graph
