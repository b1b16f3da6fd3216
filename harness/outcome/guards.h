// Guards: conditions on the inputs that a program checks when it is called and that its print does
// not show. ep._guards_code, from torch 2.9 on.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "matrix/case.h"

namespace exportgate::outcome {

/// In words of the case: "x dim 0 == cache.key_cache[0] dim 0".
struct Guard {
    std::string text;
    bool is_implied = false;  // it holds for all extents that the program's shapes and ranges allow
    std::string excludes;     // extents that were declared and that the program's shapes and ranges
                           // allow, and the guard does not: "batch = 16, length = 3"; empty where
                           // there are none, or where nothing can be said
};

/// Sorted, each once. A guard on what is no input of the case keeps torch's words.
std::vector<Guard> guards_of(const std::vector<std::string>& code, const graph::Canonical& program,
                             const matrix::Case& asked);

}  // namespace exportgate::outcome
