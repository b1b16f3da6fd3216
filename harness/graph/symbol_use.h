// Which symbols the canonical text uses, where each comes from, and the names that this gives them.
#pragma once

#include <vector>

#include "graph/evaluation.h"
#include "graph/symbol_order.h"

namespace exportgate::graph {

/// "u" for an integer that only a run gives, "zf" and "zuf" for floats, "s" for all else.
std::string_view family(std::string_view printed);

/// Whether a node of the graph gives the symbol. The others are sizes of inputs.
inline bool is_found_by_a_run(std::string_view printed) {
    return family(printed).front() != 's';
}

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
    /// order in which they do; then those of each expression, in the order of the text. Torch's
    /// names matter only between symbols that nothing in the text tells apart.
    void name(Evaluation& evaluation);

  private:
    void see(SymbolId symbol, ValueId value, bool is_input, bool alone);
    SymbolOrder order_of(const Evaluation& evaluation, const std::vector<std::string>& names);
    std::vector<Expressions::Root> written_ranges() const;
    bool first_time(ExpressionId expression, std::vector<bool>& met) const;

    Program& program_;
    std::vector<ValueId> first_seen_at_;     // by SymbolId
    std::vector<bool> seen_;                 // by SymbolId
    std::vector<bool> alone_;                // by SymbolId
    std::vector<std::uint32_t> seen_order_;  // by SymbolId: which of the values brought it
    std::uint32_t values_seen_ = 0;
    std::vector<SymbolId> seen_alone_;
    std::vector<bool> used_;  // by SymbolId
    std::vector<SymbolId> used_in_order_;
    std::vector<ExpressionId> expressions_in_order_;
    std::vector<std::uint32_t> first_of_expression_;  // of used_in_order_: its first new symbol
    std::vector<bool> seen_expressions_;              // by ExpressionId
    std::vector<bool> used_expressions_;              // by ExpressionId
    std::vector<SymbolId> scratch_;
};

}  // namespace exportgate::graph
