// The order of symbols that first meet inside one expression, "s53 + s54". Torch's names for them
// are no reason: they are told apart by everything else that the text says of them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/expression.h"

namespace exportgate::graph {

/// Colour refinement: a symbol's colour says in which expressions of the text it stands, where in
/// them, and beside which colours. Symbols of equal colour are chosen between by their names, one
/// at a time; what is left is refined again, so that what hangs on the choice follows it.
class SymbolOrder {
  public:
    /// `used`: the expressions of the text, in its order. `others`: those that the text also has,
    /// in no order, with a colour. `colours`, by SymbolId: what is known of each symbol. `settled`,
    /// by SymbolId: has its name already, and a colour of its own.
    SymbolOrder(Expressions& expressions, std::span<const ExpressionId> used,
                std::span<const Expressions::Root> others, std::vector<std::uint64_t> colours,
                std::vector<bool> settled);

    /// `symbols` are of one expression of `used`, and none is settled.
    void sort(std::vector<SymbolId>& symbols);

  private:
    /// Symbols that hang together: an expression holds them both, or another one that hangs
    /// together with them. What is chosen in one component changes nothing in the others.
    struct Component {
        std::vector<SymbolId> symbols;
        std::vector<Expressions::Root> roots;
        std::vector<ExpressionId> nodes;
        std::size_t colours = 0;
    };

    SymbolId representative(SymbolId symbol);
    void join(ExpressionId expression);
    void add_root(const Expressions::Root& root);
    void refine(Component& component);
    std::size_t count_colours(const Component& component);
    bool comes_first(SymbolId a, SymbolId b) const;

    Expressions& expressions_;
    std::vector<std::uint64_t> colours_;
    std::vector<bool> settled_;
    std::vector<SymbolId> parents_;                       // by SymbolId; of the union-find forest
    std::vector<std::vector<std::uint32_t>> places_;      // by SymbolId: in `used`
    std::unordered_map<SymbolId, Component> components_;  // by representative
    Expressions::Colouring scratch_;
    std::vector<SymbolId> symbols_;
    std::vector<std::uint64_t> counted_;
};

}  // namespace exportgate::graph
