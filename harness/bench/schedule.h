// In which order a launch times its blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace exportgate::bench {

/// Who times: the two sides, and a second process of `against`, which is the same code.
enum class Role : std::uint8_t { measured, against, same_code };

/// One block of each of `roles`, one after the other, of one benchmark.
struct Turn {
    std::size_t benchmark = 0;
    std::vector<Role> roles;
};

/// `pairs` turns of each benchmark, whose roles `roles` gives. The benchmarks take turns in an
/// order that is drawn anew in every round, so that what disturbs the machine for a moment meets a
/// pair of many of them, not many pairs of one; and within a turn the roles are in random order.
std::vector<Turn> schedule(std::span<const std::vector<Role>> roles, int pairs,
                           std::mt19937_64& random);

}  // namespace exportgate::bench
