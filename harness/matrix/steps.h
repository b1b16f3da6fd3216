// How a case is called in a loop, as a model that decodes is: what a call gets of the one before.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "matrix/leaf.h"

namespace exportgate::matrix {

struct Steps {
    static constexpr int fewest_calls = 2;
    static constexpr int most_calls = 64;

    /// Name of an input -> the name of the output that it is in the next call. Names are those of
    /// leaves, or of what holds them: "cache" of "cache.key[0]" and "cache.value[0]".
    std::map<std::string, std::string> returned;
    /// Names of inputs that are the same objects in every call, as the one before left them.
    std::vector<std::string> in_place;
    /// Name of an integer tensor of the inputs -> how much more it is in the next call.
    std::map<std::string, Extent> counts_up;
    int calls = 8;

    bool operator==(const Steps&) const = default;
};

/// The leaves that `name` leads to: "cache" leads to "cache.key[0]", and not to "cached".
std::vector<const Leaf*> leaves_of(const std::vector<Leaf>& leaves, const std::string& name);

}  // namespace exportgate::matrix
