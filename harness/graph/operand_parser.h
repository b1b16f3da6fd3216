// Operands of calls: literals, values, lists, device(type='cpu'), keyword operands.
#pragma once

#include "graph/name_table.h"
#include "graph/program.h"
#include "graph/token_reader.h"

namespace exportgate::graph {

class OperandParser {
  public:
    OperandParser(TokenReader& reader, Program& program) : reader_(reader), program_(program) {}

    /// Names of values are looked up in `scope`; null: there are none (literals in a signature).
    void set_scope(const NameTable* scope) {
        scope_ = scope;
    }

    bool parse(Operand& operand) {
        return parse(operand, 0);
    }

    /// What follows "(": operands and keyword operands up to and with ")". Children go to
    /// Program::operands.
    bool parse_call_operands(Operand& call) {
        return parse_children(call, ")", true, 0);
    }

    /// Stores `children` in Program::operands and gives their place.
    void store(const Operand* children, std::uint32_t count, std::uint32_t& first) {
        first = static_cast<std::uint32_t>(program_.operands.size());
        program_.operands.insert(program_.operands.end(), children, children + count);
    }

  private:
    bool parse(Operand& operand, int depth);
    bool parse_name(Operand& operand, int depth);
    bool parse_number(Operand& operand);
    bool parse_enumerator(Operand& operand);
    bool refuse_object(const Token& opening, const Token& name);
    bool parse_children(Operand& parent, std::string_view closing, bool with_keywords, int depth);
    bool parse_mapping(Operand& operand, int depth);
    bool parse_brackets(Operand& operand, int depth);

    TokenReader& reader_;
    Program& program_;
    const NameTable* scope_ = nullptr;
    std::vector<Operand> pending_;  // children of the lists that are being read, innermost last
};

}  // namespace exportgate::graph
