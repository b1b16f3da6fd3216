#include "graph/symbol_order.h"

#include <algorithm>
#include <numeric>

namespace exportgate::graph {

SymbolOrder::SymbolOrder(Expressions& expressions, std::span<const ExpressionId> used,
                         std::span<const Expressions::Root> others,
                         std::vector<std::uint64_t> colours, std::vector<bool> settled)
    : expressions_(expressions),
      colours_(std::move(colours)),
      settled_(std::move(settled)),
      parents_(colours_.size()),
      places_(colours_.size()) {
    std::iota(parents_.begin(), parents_.end(), 0u);
    for (const ExpressionId expression : used)
        join(expression);
    for (const Expressions::Root& other : others)
        join(other.id);
    for (std::uint32_t place = 0; place < used.size(); ++place) {
        add_root({used[place], mixed(place + 1, 0)});
        for (const SymbolId symbol : symbols_)
            places_[symbol].push_back(place);
    }
    for (const Expressions::Root& other : others)
        add_root(other);
    for (SymbolId symbol = 0; symbol < parents_.size(); ++symbol) {
        if (!settled_[symbol]) components_[representative(symbol)].symbols.push_back(symbol);
    }
}

SymbolId SymbolOrder::representative(SymbolId symbol) {
    while (parents_[symbol] != symbol) {
        parents_[symbol] = parents_[parents_[symbol]];
        symbol = parents_[symbol];
    }
    return symbol;
}

/// Settled symbols join nothing: no choice changes their colour.
void SymbolOrder::join(ExpressionId expression) {
    symbols_.clear();
    expressions_.collect_symbols(expression, symbols_);
    std::erase_if(symbols_, [&](SymbolId symbol) { return settled_[symbol]; });
    for (const SymbolId symbol : symbols_)
        parents_[representative(symbol)] = representative(symbols_[0]);
}

/// Leaves the symbols of the root that are not settled in `symbols_`, each once.
void SymbolOrder::add_root(const Expressions::Root& root) {
    symbols_.clear();
    expressions_.collect_symbols(root.id, symbols_);
    std::erase_if(symbols_, [&](SymbolId symbol) { return settled_[symbol]; });
    std::ranges::sort(symbols_);
    symbols_.erase(std::unique(symbols_.begin(), symbols_.end()), symbols_.end());
    if (!symbols_.empty()) components_[representative(symbols_[0])].roots.push_back(root);
}

std::size_t SymbolOrder::count_colours(const Component& component) {
    counted_.clear();
    for (const SymbolId symbol : component.symbols)
        counted_.push_back(colours_[symbol]);
    std::ranges::sort(counted_);
    return static_cast<std::size_t>(std::unique(counted_.begin(), counted_.end()) -
                                    counted_.begin());
}

void SymbolOrder::refine(Component& component) {
    if (component.nodes.empty()) component.nodes = expressions_.nodes_of(component.roots);
    component.colours = count_colours(component);
    while (expressions_.excess() == nullptr) {
        expressions_.recolour(component.roots, component.nodes, colours_, scratch_);
        const std::size_t colours = count_colours(component);
        if (colours == component.colours) return;
        component.colours = colours;
    }
}

/// Those that the text has again earlier come first; of the others, which one does means nothing.
bool SymbolOrder::comes_first(SymbolId a, SymbolId b) const {
    const auto [left, right] = std::ranges::mismatch(places_[a], places_[b]);
    if (left == places_[a].end() && right != places_[b].end()) return false;
    if (right == places_[b].end() && left != places_[a].end()) return true;
    if (left != places_[a].end()) return *left < *right;
    if (colours_[a] != colours_[b]) return colours_[a] < colours_[b];
    return comes_before(expressions_.printed_symbol(a), expressions_.printed_symbol(b));
}

void SymbolOrder::sort(std::vector<SymbolId>& symbols) {
    Component& component = components_[representative(symbols[0])];
    if (component.nodes.empty()) refine(component);
    const auto first = [&](SymbolId a, SymbolId b) { return comes_first(a, b); };
    for (auto begin = symbols.begin(); begin != symbols.end() && expressions_.excess() == nullptr;
         ++begin) {
        std::sort(begin, symbols.end(), first);
        // In place up to the next symbols of equal colour.
        while (begin + 1 != symbols.end() && colours_[*(begin + 1)] != colours_[*begin])
            ++begin;
        if (begin + 1 == symbols.end()) return;
        const std::uint64_t tied = colours_[*begin];
        const std::size_t before = component.colours;
        colours_[*begin] = mixed(tied, 1);
        refine(component);
        if (component.colours != before + 1) continue;
        // Nothing hangs on the choice: the others of this colour can be chosen between at once.
        std::uint64_t number = 1;
        const std::uint64_t left = colours_[*(begin + 1)];
        for (auto twin = begin + 1; twin != symbols.end() && colours_[*twin] == left; ++twin) {
            colours_[*twin] = mixed(left, ++number);
            begin = twin;
        }
        component.colours = count_colours(component);
    }
}

}  // namespace exportgate::graph
