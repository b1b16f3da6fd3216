#include "matrix/bench_toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace exportgate::matrix {
namespace {

constexpr std::int64_t most_layers = 10000;

const std::vector<std::string>& bench_keys() {
    static const std::vector<std::string> names{"layers", "gate", "threshold", "thresholds"};
    return names;
}

/// Integers from 1 on, each once, sorted; at least one.
std::vector<int> read_layers(const Entry& entry, Mistakes& mistakes) {
    std::vector<int> layers;
    const toml::array* array = read_array(entry, mistakes);
    if (array == nullptr) return layers;
    if (array->empty()) {
        mistakes.add(entry.line, fmt::format("{} is empty", entry.name),
                     fmt::format("write {} = [1, 2, 8, 32, 80]", entry.name));
    }
    for (const toml::node& node : *array) {
        const auto number =
            read_integer(node, fmt::format("a number of layers in {}", entry.name), mistakes);
        if (!number) continue;
        if (*number < 1 || *number > most_layers) {
            mistakes.add(line_of(node), fmt::format("{} holds {}, expected 1 to {}", entry.name,
                                                    *number, most_layers));
        } else if (std::find(layers.begin(), layers.end(), *number) != layers.end()) {
            mistakes.add(line_of(node), fmt::format("{} holds {} twice", entry.name, *number));
        } else {
            layers.push_back(static_cast<int>(*number));
        }
    }
    std::sort(layers.begin(), layers.end());
    return layers;
}

/// A ratio above 1; 0 and a mistake where it is none.
double read_threshold(const Entry& entry, Mistakes& mistakes) {
    const auto number = entry.value->value<double>();
    if (entry.value->is_number() && number && *number > 1 && *number < 1000) return *number;
    mistakes.add(entry.line,
                 fmt::format("the threshold \"{}\" is not a number above 1", entry.name),
                 "a ratio of two times above it counts as slower: 1.05 allows 5%");
    return 0;
}

bool has_layer_0(const Leaf& leaf) {
    const std::size_t bracket = leaf.name.find('[');
    return bracket != std::string::npos && leaf.name.compare(bracket, 3, "[0]") == 0;
}

void check_gate(const Entry& entry, const Bench& bench, Mistakes& mistakes) {
    for (const int layers : bench.gate) {
        if (std::find(bench.layers.begin(), bench.layers.end(), layers) != bench.layers.end())
            continue;
        mistakes.add(entry.line, fmt::format("gate holds {}, which is not among layers", layers),
                     "what is compared is also timed: add it to layers");
    }
}

}  // namespace

std::optional<Bench> read_bench(const Entry& entry, const std::vector<Leaf>& inputs,
                                Mistakes& mistakes) {
    const toml::table* table = read_table(entry, mistakes);
    if (table == nullptr) return std::nullopt;
    Bench bench;
    std::optional<Entry> gate;
    for (const Entry& one : entries_of(*table)) {
        if (one.name == "layers") {
            bench.layers = read_layers(one, mistakes);
            if (std::none_of(inputs.begin(), inputs.end(), has_layer_0)) {
                mistakes.add(one.line,
                             "no leaf of the inputs is of a layer 0, so no layers can be made",
                             "name the leaves as in \"cache.key_cache[0]\", or remove layers");
            }
        } else if (one.name == "gate") {
            bench.gate = read_layers(one, mistakes);
            gate = one;
        } else if (one.name == "threshold") {
            bench.threshold = read_threshold(one, mistakes);
        } else if (one.name == "thresholds") {
            const toml::table* thresholds = read_table(one, mistakes);
            if (thresholds == nullptr) continue;
            for (const Entry& threshold : entries_of(*thresholds))
                bench.thresholds.emplace_back(threshold.name, read_threshold(threshold, mistakes));
        } else {
            mistakes.add(one.line, fmt::format("unknown key \"{}\" in [bench]", one.name),
                         suggestion(one.name, bench_keys()));
        }
    }
    if (gate) check_gate(*gate, bench, mistakes);
    if (!gate) bench.gate = bench.layers;
    return bench;
}

}  // namespace exportgate::matrix
