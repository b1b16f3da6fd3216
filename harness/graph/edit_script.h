// The shortest way from one list of lines to another.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace exportgate::graph {

struct Edit {
    enum class Kind { keep, remove, add };

    Kind kind = Kind::keep;
    std::size_t before = 0;  // index into the old lines; keep and remove
    std::size_t after = 0;   // index into the new lines; keep and add

    bool operator==(const Edit&) const = default;
};

/// Edits in order. Shortest, except for texts that differ in thousands of lines: there, whatever
/// lies between lines that occur once in both is given as removed and added when it is too large.
std::vector<Edit> edit_script(const std::vector<std::string>& before,
                              const std::vector<std::string>& after);

}  // namespace exportgate::graph
