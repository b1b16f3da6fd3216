// One round of colour refinement over expressions: what every symbol stands in, whatever the
// symbols are called and in whatever order commutative operands were read.
#include <algorithm>
#include <unordered_set>

#include "graph/expression.h"

namespace exportgate::graph {

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    std::uint64_t hash = a * 0x9e3779b97f4a7c15ull + b + 0x7f4a7c15ull;
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ull;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebull;
    return hash ^ (hash >> 31);
}

std::uint64_t mixed(std::uint64_t a, std::string_view text) {
    for (const char c : text)
        a = mixed(a, static_cast<unsigned char>(c));
    return mixed(a, text.size());
}

std::vector<ExpressionId> Expressions::nodes_of(std::span<const Root> roots) {
    std::vector<ExpressionId> nodes;
    std::vector<ExpressionId> open;
    std::unordered_set<ExpressionId> met;
    for (const Root& root : roots) {
        open.push_back(root.id);
        while (!open.empty()) {
            const ExpressionId id = open.back();
            open.pop_back();
            if (!met.insert(id).second) continue;
            nodes.push_back(id);
            for (const Part& part : parts_of(nodes_[id]))
                open.push_back(part.id);
            spend(1 + nodes_[id].count);
            if (excess_ != nullptr) return nodes;
        }
    }
    std::ranges::sort(nodes);
    return nodes;
}

std::uint64_t Expressions::colour_of(const Node& node, std::span<const std::uint64_t> colours,
                                     std::span<const std::uint64_t> below) const {
    std::uint64_t hash = mixed(mixed(static_cast<std::uint64_t>(node.kind), node.name),
                               static_cast<std::uint64_t>(node.integer));
    if (node.kind == Kind::symbol)
        return mixed(static_cast<std::uint64_t>(node.kind), colours[node.first]);
    if (node.kind == Kind::value)
        return value_numbers_.empty() ? hash : mixed(hash, value_numbers_[node.first]);
    std::uint64_t sum = 0;
    for (const Part& part : parts_of(node)) {
        const std::uint64_t one = mixed(below[part.id], static_cast<std::uint64_t>(part.count));
        if (any_order(node)) {
            sum += mixed(one, 3);
        } else {
            sum = mixed(sum, one);
        }
    }
    return mixed(hash, sum);
}

void Expressions::recolour(std::span<const Root> roots, std::span<const ExpressionId> nodes,
                           std::vector<std::uint64_t>& colours, Colouring& scratch) {
    scratch.below.resize(nodes_.size());
    scratch.around.resize(nodes_.size());
    // Parts have smaller numbers than what they are parts of.
    for (const ExpressionId id : nodes) {
        scratch.below[id] = colour_of(nodes_[id], colours, scratch.below);
        scratch.around[id] = 0;
        spend(1 + nodes_[id].count);
    }
    for (const Root& root : roots)
        scratch.around[root.id] += mixed(root.colour, 5);
    for (auto id = nodes.rbegin(); id != nodes.rend(); ++id) {
        const Node& node = nodes_[*id];
        if (node.kind == Kind::symbol) {
            colours[node.first] = mixed(colours[node.first], scratch.around[*id]);
            continue;
        }
        const std::uint64_t around = mixed(scratch.around[*id], scratch.below[*id]);
        std::uint64_t position = 0;
        for (const Part& part : parts_of(node)) {
            if (!any_order(node)) ++position;
            scratch.around[part.id] +=
                mixed(mixed(around, position), static_cast<std::uint64_t>(part.count));
        }
    }
}

}  // namespace exportgate::graph
