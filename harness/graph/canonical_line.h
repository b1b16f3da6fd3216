// One line of a canonical text, checked for its grammar and for the names that it uses.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "graph/lexer.h"

namespace exportgate::graph {

using Names = std::set<std::string, std::less<>>;

class CanonicalLine {
  public:
    /// `symbols`, `values` and `graphs` are what the line may use: "s0", "%3", "@0".
    CanonicalLine(std::string_view line, const Names& symbols, const Names& values,
                  const Names& graphs)
        : lexer_(line), symbols_(symbols), values_(values), graphs_(graphs) {
        advance();
    }

    /// A literal, a value, an expression, a list, a call. All return false where something else was
    /// found.
    bool read_operand();

    /// The value that the line defines goes to `defined`.
    bool read_statement(Names& defined);

    /// "@0(%0: f32[4], %1)"
    bool read_parameters(Names& defined);

    bool at_end() const {
        return token_.kind == Token::Kind::newline || token_.kind == Token::Kind::end;
    }

    // What was found and expected where reading failed.
    std::string found() const {
        return describe(token_);
    }
    const std::string& expected() const {
        return expected_;
    }

  private:
    void advance() {
        token_ = lexer_.next();
    }
    bool fail(std::string expected) {
        expected_ = std::move(expected);
        return false;
    }
    bool read_numbered(char sigil, std::string& name);
    bool read_operand(int depth);
    bool read_primary(int depth);
    bool read_list(std::string_view closing, int depth);

    Lexer lexer_;
    const Names& symbols_;
    const Names& values_;
    const Names& graphs_;
    Token token_;
    std::string expected_ = "end of line";
};

}  // namespace exportgate::graph
