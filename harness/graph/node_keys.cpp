#include "graph/node_keys.h"

#include <algorithm>
#include <unordered_set>

namespace exportgate::graph {
namespace {

// A symbol that only these nodes have is known by where it stands, and so are the nodes by it.
constexpr int most_rounds = 4;

class KeyWalk {
  public:
    KeyWalk(Program& program, const Evaluation& evaluation, const Graph& graph,
            std::span<const Node> kept, std::span<const std::uint32_t> producers,
            const SymbolUse& printed, const Dependencies& dependencies,
            std::span<const std::uint32_t> places)
        : program_(program),
          evaluation_(evaluation),
          graph_(graph),
          kept_(kept),
          producers_(producers),
          printed_(printed),
          dependencies_(dependencies),
          places_(places),
          keys_(kept.size(), 0) {}

    std::vector<std::uint64_t> keys() {
        for (std::uint32_t i = 0; i < kept_.size(); ++i)
            if (places_[i] != none) keys_[i] = mixed(17, places_[i]);
        for (std::uint32_t i = 0; i < graph_.placeholders.size(); ++i)
            inputs_.emplace(graph_.placeholders[i], i);
        colour_symbols();
        std::size_t distinct = 0;
        for (int round = 0; round < most_rounds && program_.expressions.excess() == nullptr;
             ++round) {
            colour_expressions();
            for (std::uint32_t i = 0; i < kept_.size(); ++i)
                if (places_[i] == none) keys_[i] = key_of(i);
            const std::size_t now = count();
            if (round > 0 && now == distinct) break;
            distinct = now;
        }
        return std::move(keys_);
    }

  private:
    void colour_symbols() {
        const Expressions& expressions = program_.expressions;
        colours_.resize(expressions.symbol_count());
        for (SymbolId symbol = 0; symbol < colours_.size(); ++symbol) {
            colours_[symbol] = mixed(41, family(expressions.printed_symbol(symbol)));
            const ValueId value = printed_.first_seen_at(symbol);
            if (value == none || producers_[value] == none || value_is_elsewhere(value)) continue;
            if (places_[producers_[value]] != none)
                colours_[symbol] = mixed(mixed(47, places_[producers_[value]]),
                                         place_in(program_.values[value].annotation, symbol));
        }
        for (const RangeConstraint& range : program_.ranges) {
            if (!expressions.is_symbol(range.expression)) continue;
            const SymbolId symbol = expressions.symbol_of(range.expression);
            if (!printed_.has_seen(symbol)) continue;  // in messages only
            std::uint64_t& colour = colours_[symbol];
            colour = mixed(mixed(colour, range.lower), range.upper);
        }
        std::uint64_t next = 0;
        for (const ValueId input : program_.graphs[0].placeholders) {
            const Annotation& annotation = program_.values[input].annotation;
            for (std::uint32_t i = 0; i < annotation.count; ++i) {
                ++next;
                const ExpressionId dim = program_.dims[annotation.first + i];
                if (!expressions.is_symbol(dim)) continue;
                std::uint64_t& colour = colours_[expressions.symbol_of(dim)];
                if (inputs_have_.insert(expressions.symbol_of(dim)).second)
                    colour = mixed(43, next);
            }
        }
    }

    /// Of another graph: its producers are counted there.
    bool value_is_elsewhere(ValueId value) const {
        const std::uint32_t place = producers_[value];
        return place >= kept_.size() || kept_[place].result != value;
    }

    std::uint64_t place_in(const Annotation& annotation, SymbolId symbol) {
        for (std::uint32_t i = 0; i < annotation.count; ++i) {
            const ExpressionId dim = program_.dims[annotation.first + i];
            if (program_.expressions.is_symbol(dim) &&
                program_.expressions.symbol_of(dim) == symbol)
                return i;
        }
        return annotation.count;
    }

    void colour_expressions() {
        std::vector<Expressions::Root> roots;
        for (std::uint32_t i = 0; i < kept_.size(); ++i) {
            position_ = 0;
            for (std::uint32_t o = kept_[i].first; o < kept_[i].first + kept_[i].count; ++o)
                collect_roots(program_.operands[o], o, i, roots);
        }
        const auto nodes = program_.expressions.nodes_of(roots);
        program_.expressions.recolour(roots, nodes, colours_, colouring_);
    }

    void collect_roots(const Operand& operand, std::uint32_t index, std::uint32_t node,
                       std::vector<Expressions::Root>& roots) {
        ++position_;
        const auto add = [&](ExpressionId expression) {
            roots.push_back({expression, mixed(keys_[node], position_)});
        };
        if (operand.kind == Operand::Kind::string) {
            const auto message = evaluation_.messages.find(index);
            if (message != evaluation_.messages.end()) add(message->second);
        }
        if (operand.kind == Operand::Kind::value) {
            const Meaning& meaning = evaluation_.meanings[operand.value];
            if (meaning.kind == Meaning::Kind::expression) add(meaning.expression);
            if (meaning.kind == Meaning::Kind::sizes)
                for_each_dim(program_.values[meaning.number].annotation, add);
            return;
        }
        for (std::uint32_t i = 0; i < operand.count; ++i)
            collect_roots(program_.operands[operand.first + i], operand.first + i, node, roots);
    }

    template <class Visit>
    void for_each_dim(const Annotation& annotation, Visit visit) {
        for (std::uint32_t i = 0; i < annotation.count; ++i)
            visit(program_.dims[annotation.first + i]);
    }

    std::uint64_t key_of(std::uint32_t place) {
        const Node& node = kept_[place];
        std::uint64_t key = mixed(mixed(static_cast<std::uint64_t>(node.kind), node.target),
                                  dependencies_.is_assertion[place] ? 1 : 2);
        for (std::uint32_t o = node.first; o < node.first + node.count; ++o)
            key = mixed(key, key_of(program_.operands[o], o));
        const std::uint32_t begin = dependencies_.operands_end[place];
        for (std::uint32_t i = begin; i < dependencies_.needs_end[place]; ++i)
            key = mixed(key, keys_[dependencies_.needs[i]]);
        return key;
    }

    std::uint64_t key_of(const Operand& operand, std::uint32_t index) {
        std::uint64_t key = mixed(static_cast<std::uint64_t>(operand.kind), operand.keyword);
        if (operand.kind == Operand::Kind::value)
            return mixed(key, key_of(evaluation_.meanings[operand.value]));
        const auto message = operand.kind == Operand::Kind::string
                                 ? evaluation_.messages.find(index)
                                 : evaluation_.messages.end();
        if (message != evaluation_.messages.end())
            return mixed(mixed(key, 3), colouring_.below[message->second]);
        key = mixed(key, operand.text);
        for (std::uint32_t i = 0; i < operand.count; ++i)
            key = mixed(key, key_of(program_.operands[operand.first + i], operand.first + i));
        return key;
    }

    std::uint64_t key_of(const Meaning& meaning) {
        std::uint64_t key = static_cast<std::uint64_t>(meaning.kind);
        switch (meaning.kind) {
            case Meaning::Kind::number: {
                const auto input = inputs_.find(meaning.number);
                if (input != inputs_.end()) return mixed(mixed(key, 1), input->second);
                return mixed(mixed(key, 2), keys_[producers_[meaning.number]]);
            }
            case Meaning::Kind::expression:
                return mixed(key, colouring_.below[meaning.expression]);
            case Meaning::Kind::sizes:
                for_each_dim(program_.values[meaning.number].annotation,
                             [&](ExpressionId dim) { key = mixed(key, colouring_.below[dim]); });
                return key;
            case Meaning::Kind::module_:
                return key;
            case Meaning::Kind::constant:
                return mixed(key, meaning.text);
        }
        return key;
    }

    std::size_t count() const {
        std::unordered_set<std::uint64_t> distinct;
        for (std::uint32_t i = 0; i < kept_.size(); ++i)
            if (places_[i] == none) distinct.insert(keys_[i]);
        return distinct.size();
    }

    Program& program_;
    const Evaluation& evaluation_;
    const Graph& graph_;
    std::span<const Node> kept_;
    std::span<const std::uint32_t> producers_;
    const SymbolUse& printed_;
    const Dependencies& dependencies_;
    std::span<const std::uint32_t> places_;
    std::vector<std::uint64_t> keys_;
    std::unordered_map<ValueId, std::uint32_t> inputs_;
    std::unordered_set<SymbolId> inputs_have_;
    std::vector<std::uint64_t> colours_;  // by SymbolId
    Expressions::Colouring colouring_;
    std::uint64_t position_ = 0;
};

}  // namespace

std::vector<std::uint64_t> keys_of(Program& program, const Evaluation& evaluation,
                                   const Graph& graph, std::span<const Node> kept,
                                   std::span<const std::uint32_t> producers,
                                   const SymbolUse& printed, const Dependencies& dependencies,
                                   std::span<const std::uint32_t> places) {
    return KeyWalk(program, evaluation, graph, kept, producers, printed, dependencies, places)
        .keys();
}

}  // namespace exportgate::graph
