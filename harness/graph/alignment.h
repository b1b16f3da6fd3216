// Two canonical texts side by side. A value that one text has more shifts the numbers of all that
// follow; here the second text is renumbered so that what is the same in both reads the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/edit_script.h"

namespace exportgate::graph {

struct Alignment {
    std::vector<std::string> expected;  // lines as they are
    std::vector<std::string>
        observed;  // renumbered; values that `expected` does not have are %new1, %new2, ...
    std::vector<Edit> edits;
};

Alignment align(std::string_view expected, std::string_view observed);

}  // namespace exportgate::graph
