// What an observation was made of, as far as it can change between two runs: by this a later run
// knows which cells it has to observe again.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace exportgate::record {

enum class IngredientKind {
    file,      // the content of a file
    modules,   // the names in a folder that Python could import from it
    names,     // all names in a folder
    variable,  // the value of an environment variable
    unknown  // something that no digest says; `name` is what: such a cell is always observed again
};

/// "file", "modules", ...
std::string_view to_string(IngredientKind kind);

/// Something that a cell opened, imported, listed or read, besides its case and its environment.
struct Ingredient {
    IngredientKind kind{};
    std::string name;    // "<cases>/helper.py", "MY_VARIABLE"
    std::string digest;  // empty: it was not there

    auto operator<=>(const Ingredient&) const = default;
};

using Ingredients = std::vector<Ingredient>;  // sorted, each once

/// What all cells of a record were made of. Digests are comparable between machines except for that
/// of the environment.
struct MadeOf {
    std::string worker;                        // its Python package and its sources
    std::string environment;                   // installed packages; empty: not known
    std::map<std::string, std::string> cases;  // of each folder of cases; of those that ran
    double timeout_s = 0;                      // for a cell without its checks
    double check_timeout_s = 0;

    bool operator==(const MadeOf&) const = default;
};

}  // namespace exportgate::record
