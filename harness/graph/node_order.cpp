#include "graph/node_order.h"

#include <algorithm>

#include "graph/dependencies.h"
#include "graph/node_keys.h"

namespace exportgate::graph {
namespace {

/// Visits nodes after everything that they depend on.
class Visit {
  public:
    explicit Visit(const Dependencies& dependencies, std::size_t nodes)
        : dependencies_(dependencies), places_(nodes, none), opened_(nodes, false) {}

    /// With them, each node also comes after those that read what it writes. These are taken in the
    /// order of `earlier`, of a visit without them.
    void follow(const std::vector<std::uint32_t>& earlier) {
        earlier_ = &earlier;
    }

    void visit(std::uint32_t root) {
        open(root);
        while (!stack_.empty()) {
            Frame& frame = stack_.back();
            if (frame.next < frame.before.size()) {
                open(frame.before[frame.next++]);
                continue;
            }
            places_[frame.node] = static_cast<std::uint32_t>(order_.size());
            order_.push_back(frame.node);
            stack_.pop_back();
        }
    }

    bool has(std::uint32_t node) const {
        return places_[node] != none;
    }
    const std::vector<std::uint32_t>& places() const {
        return places_;
    }
    const std::vector<std::uint32_t>& order() const {
        return order_;
    }

  private:
    struct Frame {
        std::uint32_t node;
        std::span<const std::uint32_t> before;
        std::size_t next = 0;
        std::vector<std::uint32_t> made;  // what `before` views, where it had to be put together
    };

    void open(std::uint32_t node) {
        if (opened_[node]) return;
        opened_[node] = true;
        Frame frame{node, dependencies_.needs_of(node), 0, {}};
        const auto follows = dependencies_.follows_of(node);
        if (earlier_ != nullptr && !follows.empty()) {
            frame.made.assign(follows.begin(), follows.end());
            std::ranges::sort(frame.made, {}, [&](std::uint32_t one) { return (*earlier_)[one]; });
            frame.made.insert(frame.made.begin(), frame.before.begin(), frame.before.end());
            frame.before = frame.made;
        }
        stack_.push_back(std::move(frame));
    }

    const Dependencies& dependencies_;
    const std::vector<std::uint32_t>* earlier_ = nullptr;
    std::vector<std::uint32_t> places_;
    std::vector<std::uint32_t> order_;
    std::vector<bool> opened_;
    std::vector<Frame> stack_;
};

class Orderer {
  public:
    Orderer(Program& program, const Evaluation& evaluation, const SymbolUse& printed,
            Operators& operators)
        : program_(program),
          evaluation_(evaluation),
          printed_(printed),
          operators_(operators),
          producers_(program.values.size(), none),
          nested_(program.graphs.size()) {}

    /// Nested graphs first: what they do decides on the nodes that call them.
    void run() {
        for (std::size_t i = program_.graphs.size(); i > 0; --i) {
            if (program_.expressions.excess() != nullptr) return;
            order(program_.graphs[i - 1], nested_[i - 1]);
        }
    }

  private:
    void order(Graph& graph, Effects& effects) {
        std::vector<Node> kept;
        kept.reserve(graph.nodes.size());
        for (const Node& node : graph.nodes) {
            if (evaluation_.dissolved[node.result]) continue;
            producers_[node.result] = static_cast<std::uint32_t>(kept.size());
            kept.push_back(node);
        }
        const Dependencies dependencies = dependencies_of(
            program_, evaluation_, graph, kept, producers_, printed_, operators_, nested_);
        effects = dependencies.all;
        Visit visit(dependencies, kept.size());
        std::vector<std::uint32_t> roots = dependencies.wanted;
        for (const std::uint32_t root : roots)
            visit.visit(root);
        const auto left = unneeded(graph, kept, dependencies, visit);
        for (const std::uint32_t root : left)
            visit.visit(root);
        if (dependencies.follows.empty()) return put(graph, kept, visit.order());
        Visit second(dependencies, kept.size());
        second.follow(visit.places());
        roots.insert(roots.end(), left.begin(), left.end());
        for (const std::uint32_t root : roots)
            second.visit(root);
        put(graph, kept, second.order());
    }

    static void put(Graph& graph, const std::vector<Node>& kept,
                    const std::vector<std::uint32_t>& order) {
        graph.nodes.clear();
        for (const std::uint32_t node : order)
            graph.nodes.push_back(kept[node]);
    }

    /// What no node, no output and no effect needs, in canonical order.
    std::vector<std::uint32_t> unneeded(const Graph& graph, const std::vector<Node>& kept,
                                        const Dependencies& dependencies, const Visit& visit) {
        std::vector<std::uint32_t> roots;
        std::vector<bool> is_needed(kept.size(), false);
        for (auto node = static_cast<std::uint32_t>(kept.size()); node > 0; --node) {
            if (visit.has(node - 1)) continue;
            if (!is_needed[node - 1]) roots.push_back(node - 1);
            for (const std::uint32_t need : dependencies.needs_of(node - 1))
                is_needed[need] = true;
        }
        std::ranges::reverse(roots);
        if (roots.size() < 2) return roots;
        const auto keys = keys_of(program_, evaluation_, graph, kept, producers_, printed_,
                                  dependencies, visit.places());
        std::ranges::stable_sort(roots, [&](std::uint32_t a, std::uint32_t b) {
            const bool left = dependencies.is_assertion[a];
            const bool right = dependencies.is_assertion[b];
            return left != right ? left : keys[a] < keys[b];
        });
        return roots;
    }

    Program& program_;
    const Evaluation& evaluation_;
    const SymbolUse& printed_;
    Operators& operators_;
    std::vector<std::uint32_t> producers_;  // by ValueId
    std::vector<Effects> nested_;           // by GraphId
};

}  // namespace

void order_nodes(Program& program, const Evaluation& evaluation, const SymbolUse& printed,
                 Operators& operators) {
    Orderer(program, evaluation, printed, operators).run();
}

}  // namespace exportgate::graph
