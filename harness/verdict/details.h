// In what two outcomes of one grade differ, in more detail than compare() says.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "graph/graph.h"
#include "verdict/verdict.h"

namespace exportgate::verdict {

/// The first line in which two texts differ. Empty: that text has ended.
struct OtherLine {
    enum class Text { message, specs };

    Text text{};
    std::string before;
    std::string after;
};

struct OtherStructure {
    bool of_decomposed = false;  // else of the exported program
    graph::StructuralDifference what;
};

/// The program is another one, and its structure cannot be read.
struct UnreadableStructure {
    bool of_decomposed = false;
};

using Detail = std::variant<OtherStructure, UnreadableStructure, OtherLine, Difference>;

/// The weightiest first. Where the program differs, what it decomposes into does as well, and where
/// that differs, so do checks: only the first of these three is told. Empty where outcomes differ
/// in none of them.
std::vector<Detail> details_of(const outcome::Outcome& before, const outcome::Outcome& after);

}  // namespace exportgate::verdict
