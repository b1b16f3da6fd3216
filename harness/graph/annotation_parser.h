// What stands behind the name of an input or a result: nothing, `: "f32[s27, 8]"`,
// `: "Sym(2*s27)"`, `: "DTensor(f32[4, 4], S(0))"`, or a Python type.
#pragma once

#include "graph/expression_parser.h"
#include "graph/program.h"
#include "graph/token_reader.h"

namespace exportgate::graph {

class AnnotationParser {
  public:
    AnnotationParser(TokenReader& reader, Program& program) : reader_(reader), program_(program) {}

    bool parse(Annotation& annotation);

    bool parse_type(std::string_view& type);

  private:
    bool parse_scalar(std::string_view text, Annotation& annotation, const Token& token);
    bool parse_subclass(std::string_view text, Annotation& annotation, const Token& token);
    bool parse_tensor(std::string_view& text, Annotation& annotation, const Token& token);
    bool fail(const Token& token, const ExpressionError& error);
    bool fail_end(const Token& token, std::string_view rest);

    TokenReader& reader_;
    Program& program_;
};

}  // namespace exportgate::graph
