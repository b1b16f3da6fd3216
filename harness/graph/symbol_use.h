// Which symbols the canonical text uses, where each comes from, and the names that this gives them.
#pragma once

#include <vector>

#include "graph/evaluation.h"

namespace exportgate::graph {

/// Is told of annotations and of expressions in the order of the canonical text.
class SymbolUse {
  public:
    explicit SymbolUse(Program& program) : program_(program) {}

    /// The annotation of `value` comes next; `is_input`: of the program.
    void see(ValueId value, bool is_input);

    /// The text holds these.
    void use(const Annotation& annotation);
    void use(ExpressionId expression);

    bool has_seen(SymbolId symbol) const {
        return symbol < seen_.size() && seen_[symbol];
    }

    /// The value whose annotation was the first to have the symbol; none for symbols of the
    /// program's inputs.
    ValueId first_seen_at(SymbolId symbol) const {
        return symbol < first_seen_at_.size() ? first_seen_at_[symbol] : none;
    }

    /// Fills in Evaluation::symbols and ::definitions, and names the symbols in the program's
    /// expressions. The names are positional: symbols that stand alone in a dim come first, in the
    /// order in which they do, so that what torch called them has no part in it; it has only among
    /// symbols that are never seen but together, in one expression.
    void name(Evaluation& evaluation);

  private:
    void see(SymbolId symbol, ValueId value, bool is_input, bool alone);
    bool first_time(ExpressionId expression, std::vector<bool>& met) const;

    Program& program_;
    std::vector<ValueId> first_seen_at_;  // by SymbolId
    std::vector<bool> seen_;              // by SymbolId
    std::vector<bool> alone_;             // by SymbolId
    std::vector<SymbolId> seen_alone_;
    std::vector<bool> used_;  // by SymbolId
    std::vector<SymbolId> used_in_order_;
    std::vector<bool> seen_expressions_;  // by ExpressionId
    std::vector<bool> used_expressions_;  // by ExpressionId
    std::vector<SymbolId> scratch_;
};

}  // namespace exportgate::graph
