#include "bench/schedule.h"

#include <algorithm>
#include <numeric>

namespace exportgate::bench {

std::vector<Turn> schedule(std::span<const std::vector<Role>> roles, int pairs,
                           std::mt19937_64& random) {
    std::vector<std::size_t> order(roles.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<Turn> turns;
    turns.reserve(order.size() * static_cast<std::size_t>(std::max(pairs, 0)));
    for (int round = 0; round < pairs; ++round) {
        std::shuffle(order.begin(), order.end(), random);
        for (const std::size_t benchmark : order) {
            turns.push_back({benchmark, roles[benchmark]});
            std::shuffle(turns.back().roles.begin(), turns.back().roles.end(), random);
        }
    }
    return turns;
}

}  // namespace exportgate::bench
