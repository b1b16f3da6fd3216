// What the parsers of the parts of a print share: one token of lookahead, and the first error,
// which ends everything.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "graph/concat.h"
#include "graph/lexer.h"

namespace exportgate::graph {

class TokenReader {
  public:
    TokenReader(std::string_view text, const std::string& file, int first_line = 1)
        : lexer_(text, first_line), file_(file) {
        token_ = lexer_.next();
    }

    const Token& token() const {
        return token_;
    }
    void advance() {
        token_ = lexer_.next();
    }
    Lexer& lexer() {
        return lexer_;
    }

    /// Skips the symbol, where it comes next.
    bool accept(std::string_view symbol) {
        if (!token_.is(symbol)) return false;
        advance();
        return true;
    }

    /// Skips the symbol; false and an error where something else comes.
    bool expect(std::string_view symbol) {
        if (accept(symbol)) return true;
        return fail(quoted(symbol));
    }

    bool expect_name(std::string_view name) {
        if (!token_.is_name(name)) return fail(quoted(name));
        advance();
        return true;
    }

    /// Any name without a dot.
    bool expect_identifier(std::string_view& name, const char* expected) {
        if (token_.kind != Token::Kind::name || token_.text.find('.') != std::string_view::npos) {
            return fail(expected);
        }
        name = token_.text;
        advance();
        return true;
    }

    bool expect_newline() {
        if (token_.kind != Token::Kind::newline) return fail("end of line");
        advance();
        return true;
    }

    /// Always false, so that a parser can return it.
    bool fail(std::string_view expected) {
        return fail_at(token_.line, describe(token_), expected);
    }

    bool fail_at(int line, std::string_view found, std::string_view expected) {
        if (!error_)
            error_ = Error{file_, line, concat({"found ", found, ", expected ", expected}), {}};
        return false;
    }

    /// Only after something failed.
    const Error& error() const {
        return *error_;
    }

  private:
    Lexer lexer_;
    std::string file_;
    Token token_;
    std::optional<Error> error_;
};

}  // namespace exportgate::graph
