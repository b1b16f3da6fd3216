#include "graph/dependencies.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>

namespace exportgate::graph {
namespace {

/// Values that may share memory: a view and its base, the results of what nobody knows. Inputs of
/// the program share none but what is known; those of a nested graph may, as its caller knows.
class SharedMemory {
  public:
    ValueId representative(ValueId value) {
        while (true) {
            const auto parent = parents_.find(value);
            if (parent == parents_.end()) return value;
            const auto next = parents_.find(parent->second);
            if (next == parents_.end()) return parent->second;
            parent->second = next->second;
            value = next->second;
        }
    }

    void join(ValueId a, ValueId b) {
        a = representative(a);
        b = representative(b);
        if (a != b) parents_[a] = b;
    }

  private:
    std::unordered_map<ValueId, ValueId> parents_;
};

class DependencyWalk {
  public:
    DependencyWalk(Program& program, const Evaluation& evaluation, const Graph& graph,
                   std::span<const Node> kept, std::span<const std::uint32_t> producers,
                   const SymbolUse& printed, Operators& operators,
                   const std::vector<Effects>& nested)
        : program_(program),
          evaluation_(evaluation),
          graph_(graph),
          kept_(kept),
          producers_(producers),
          printed_(printed),
          operators_(operators),
          nested_(nested) {}

    Dependencies walk() {
        classify();
        count_found();
        if (any_memory_) share_memory();
        for (std::uint32_t i = 0; i < kept_.size(); ++i) {
            const Node& node = kept_[i];
            if (found_ > 1) shapes_.push_back(shape_of(node));
            for (std::uint32_t o = node.first; o < node.first + node.count; ++o)
                need(program_.operands[o], result_.needs);
            result_.operands_end.push_back(static_cast<std::uint32_t>(result_.needs.size()));
            if (barrier_ != none) result_.needs.push_back(barrier_);
            if (any_effect_) follow_chains(i);
            if (any_memory_) follow_memory(i);
            if (effects_[i].is_barrier) close_segment(i);
            result_.needs_end.push_back(static_cast<std::uint32_t>(result_.needs.size()));
            result_.follows_end.push_back(static_cast<std::uint32_t>(result_.follows.size()));
        }
        need(graph_.returned, result_.wanted);
        for (const std::uint32_t last : last_of_chain_) {
            if (last != none) result_.wanted.push_back(last);
        }
        return std::move(result_);
    }

  private:
    void classify() {
        effects_.reserve(kept_.size());
        for (const Node& node : kept_) {
            Operator& op =
                node.kind == Node::Kind::call ? operators_.find(node.target) : no_operator_;
            effects_.push_back(effects_of(program_, evaluation_, node, op, nested_));
            const Effects& effects = effects_.back();
            result_.is_assertion.push_back(effects.is_assertion);
            any_effect_ = any_effect_ || effects.any();
            any_memory_ = any_memory_ || !effects.written.empty();
            result_.all.chains |= effects.chains;
            result_.all.is_barrier = result_.all.is_barrier || effects.is_barrier;
        }
    }

    void share_memory() {
        if (&graph_ != program_.graphs.data() && !graph_.placeholders.empty()) {
            for (const ValueId placeholder : graph_.placeholders)
                memory_.join(placeholder, graph_.placeholders[0]);
        }
        if (&graph_ == program_.graphs.data()) share_known_storage();
        for (std::size_t i = 0; i < kept_.size(); ++i) {
            if (!effects_[i].can_alias) continue;
            values_.clear();
            collect_read(kept_[i]);
            for (const ValueId value : values_)
                memory_.join(kept_[i].result, value);
        }
    }

    void share_known_storage() {
        std::unordered_map<std::size_t, ValueId> first_of_group;
        for (std::size_t i = 0; i < program_.inputs.size(); ++i) {
            const auto group = program_.shared.find(program_.inputs[i].target);
            if (group == program_.shared.end()) continue;
            const ValueId value = graph_.placeholders[i];
            memory_.join(value, first_of_group.try_emplace(group->second, value).first->second);
        }
    }

    void collect_read(const Node& node) {
        for (std::uint32_t o = node.first; o < node.first + node.count; ++o)
            collect_values(program_, evaluation_, program_.operands[o], values_);
    }

    void need(const Operand& operand, std::vector<std::uint32_t>& needs) {
        if (operand.kind != Operand::Kind::value) {
            for (std::uint32_t i = 0; i < operand.count; ++i)
                need(program_.operands[operand.first + i], needs);
            return;
        }
        const Meaning& meaning = evaluation_.meanings[operand.value];
        switch (meaning.kind) {
            case Meaning::Kind::number:
                return need_value(meaning.number, needs);
            case Meaning::Kind::expression:
                return need_expression(meaning.expression, needs);
            case Meaning::Kind::sizes: {
                const Annotation& annotation = program_.values[meaning.number].annotation;
                for (std::uint32_t i = 0; i < annotation.count; ++i)
                    need_expression(program_.dims[annotation.first + i], needs);
                return;
            }
            case Meaning::Kind::module_:
            case Meaning::Kind::constant:
                return;
        }
    }

    void need_value(ValueId value, std::vector<std::uint32_t>& needs) {
        if (producers_[value] != none) needs.push_back(producers_[value]);
    }

    /// The nodes that bring the symbols that only a run gives. Which tensor was asked for its size
    /// means nothing.
    void need_expression(ExpressionId expression, std::vector<std::uint32_t>& needs) {
        if (found_ == 0 || program_.expressions.integer_of(expression)) return;
        const auto [known, is_new] = found_in_.try_emplace(expression);
        if (is_new) find_in(expression, known->second);
        needs.insert(needs.end(), known->second.begin(), known->second.end());
    }

    void find_in(ExpressionId expression, std::vector<std::uint32_t>& nodes) {
        leaves_.clear();
        leaf_values_.clear();
        program_.expressions.collect_leaves(expression, leaves_, leaf_values_);
        for (const SymbolId symbol : leaves_) {
            const ValueId value = printed_.first_seen_at(symbol);
            if (value != none && is_found_by_a_run(program_.expressions.printed_symbol(symbol)))
                need_value(value, nodes);
        }
        for (const std::uint32_t value : leaf_values_)
            need_value(value, nodes);
        // Terms of a sum have no order: by what the nodes compute, then as they are printed.
        std::ranges::sort(nodes);
        nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
        if (nodes.size() > 1)
            std::ranges::stable_sort(nodes, {}, [&](std::uint32_t node) { return shapes_[node]; });
    }

    void count_found() {
        const Expressions& expressions = program_.expressions;
        for (SymbolId symbol = 0; symbol < expressions.symbol_count(); ++symbol)
            found_ += is_found_by_a_run(expressions.printed_symbol(symbol)) ? 1 : 0;
        if (expressions.has_values()) found_ += 2;
        if (found_ < 2) return;
        shapes_.reserve(kept_.size());
        for (std::uint32_t i = 0; i < graph_.placeholders.size(); ++i)
            inputs_.emplace(graph_.placeholders[i], i);
    }

    /// Operator, operands, and what these are made of; without sizes.
    std::uint64_t shape_of(const Node& node) {
        std::uint64_t shape = mixed(static_cast<std::uint64_t>(node.kind), node.target);
        for (std::uint32_t o = node.first; o < node.first + node.count; ++o)
            shape = mixed(shape, shape_of(program_.operands[o]));
        return shape;
    }

    std::uint64_t shape_of(const Operand& operand) {
        std::uint64_t shape = mixed(static_cast<std::uint64_t>(operand.kind), operand.keyword);
        if (operand.kind == Operand::Kind::value) {
            const Meaning& meaning = evaluation_.meanings[operand.value];
            if (meaning.kind != Meaning::Kind::number) return mixed(shape, 1);
            const auto input = inputs_.find(meaning.number);
            if (input != inputs_.end()) return mixed(mixed(shape, 2), input->second);
            return mixed(mixed(shape, 3), shapes_[producers_[meaning.number]]);
        }
        shape = mixed(shape, operand.text);
        for (std::uint32_t i = 0; i < operand.count; ++i)
            shape = mixed(shape, shape_of(program_.operands[operand.first + i]));
        return shape;
    }

    void follow_chains(std::uint32_t node) {
        for (std::size_t chain = 0; chain < last_of_chain_.size(); ++chain) {
            if ((effects_[node].chains & (1u << chain)) == 0) continue;
            if (last_of_chain_[chain] != none) result_.needs.push_back(last_of_chain_[chain]);
            last_of_chain_[chain] = node;
        }
    }

    void follow_memory(std::uint32_t node) {
        values_.clear();
        collect_read(kept_[node]);
        for (ValueId& value : values_)
            value = memory_.representative(value);
        unique(values_);
        std::vector<ValueId> written = effects_[node].written;
        for (ValueId& value : written)
            value = memory_.representative(value);
        unique(written);
        const std::size_t begin = result_.needs.size();
        for (const ValueId value : values_) {
            Access& access = accesses_[value];
            if (access.last_write != none) result_.needs.push_back(access.last_write);
        }
        // Writes are one chain, so that their places are in the order of the canonical text too.
        std::sort(result_.needs.begin() + static_cast<std::ptrdiff_t>(begin), result_.needs.end());
        for (const ValueId value : values_) {
            Access& access = accesses_[value];
            if (!std::ranges::binary_search(written, value)) {
                access.reads.push_back(node);
                continue;
            }
            result_.follows.insert(result_.follows.end(), access.reads.begin(), access.reads.end());
            access.reads.clear();
            access.last_write = node;
        }
    }

    static void unique(std::vector<ValueId>& values) {
        std::ranges::sort(values);
        values.erase(std::unique(values.begin(), values.end()), values.end());
    }

    void close_segment(std::uint32_t node) {
        const std::uint32_t begin = barrier_ == none ? 0 : barrier_ + 1;
        for (std::uint32_t i = begin; i < node; ++i)
            result_.follows.push_back(i);
        barrier_ = node;
    }

    struct Access {
        std::uint32_t last_write = none;
        std::vector<std::uint32_t> reads;  // since then
    };

    Program& program_;
    const Evaluation& evaluation_;
    const Graph& graph_;
    std::span<const Node> kept_;
    std::span<const std::uint32_t> producers_;
    const SymbolUse& printed_;
    Operators& operators_;
    const std::vector<Effects>& nested_;
    Operator no_operator_;
    Dependencies result_;
    std::vector<Effects> effects_;
    bool any_effect_ = false;
    bool any_memory_ = false;
    SharedMemory memory_;
    std::unordered_map<ValueId, Access> accesses_;  // by representative
    std::array<std::uint32_t, 3> last_of_chain_{none, none, none};
    std::uint32_t barrier_ = none;
    std::vector<ValueId> values_;
    std::size_t found_ = 0;              // symbols that only a run gives
    std::vector<std::uint64_t> shapes_;  // by node, where there are several of them
    std::unordered_map<ValueId, std::uint32_t> inputs_;
    std::unordered_map<ExpressionId, std::vector<std::uint32_t>> found_in_;
    std::vector<SymbolId> leaves_;
    std::vector<std::uint32_t> leaf_values_;
};

std::span<const std::uint32_t> part(const std::vector<std::uint32_t>& all,
                                    const std::vector<std::uint32_t>& ends, std::uint32_t i) {
    const std::uint32_t begin = i == 0 ? 0 : ends[i - 1];
    return std::span(all).subspan(begin, ends[i] - begin);
}

}  // namespace

std::span<const std::uint32_t> Dependencies::needs_of(std::uint32_t node) const {
    return part(needs, needs_end, node);
}

std::span<const std::uint32_t> Dependencies::follows_of(std::uint32_t node) const {
    return part(follows, follows_end, node);
}

Dependencies dependencies_of(Program& program, const Evaluation& evaluation, const Graph& graph,
                             std::span<const Node> kept, std::span<const std::uint32_t> producers,
                             const SymbolUse& printed, Operators& operators,
                             const std::vector<Effects>& nested) {
    return DependencyWalk(program, evaluation, graph, kept, producers, printed, operators, nested)
        .walk();
}

}  // namespace exportgate::graph
