// Many cells said in few words: "dynamic_cache/{plain,module}/strict/*" instead of 16 names; and
// the pattern that selects them.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "matrix/cell.h"

namespace exportgate::report {

/// All combinations of some cases of one folder, some kinds, some modes, some dims styles, some
/// pairs. A part that takes every value that it has in `all`, and has several, is "*".
struct CellSet {
    std::string folder;
    /// Values of the parameters ("llama 2", without their names; empty where there are none),
    /// kinds, modes, dims styles, pairs.
    std::array<std::vector<std::string>, 5> parts;

    bool operator==(const CellSet&) const = default;
};

/// The values of the parameters of a case without their names: "llama 2". Empty where it has none.
std::string values_alone(const std::string& case_name);

/// `cells` as few sets, which together name exactly `cells`. In linear time, so not always the
/// fewest.
std::vector<CellSet> cell_sets(std::span<const matrix::Cell> cells,
                               std::span<const matrix::Cell> all);

/// `cells` as few products of the parts of their names: a single word, "{a,b}", or "*" where a part
/// takes every value that it has in `all` for that case. Cases of one folder that are spelt alike
/// are one: "hf_decode[arch={llama,mistral}]/as_is/*", and "hf_decode/as_is/*" where they are all.
/// Together they name exactly `cells`. In linear time, so not always the fewest.
std::vector<std::string> describe(std::span<const matrix::Cell> cells,
                                  std::span<const matrix::Cell> all);

/// As describe(), and sets of several cases that are spelt alike are one: "{one,other}/plain/*".
std::vector<std::string> describe_across_cases(std::span<const matrix::Cell> cells,
                                               std::span<const matrix::Cell> all);

/// Globs that match each of `cells` and none of the other cells of `all`; at most `limit` of them,
/// else none.
std::vector<std::string> patterns(std::span<const matrix::Cell> cells,
                                  std::span<const matrix::Cell> all, std::size_t limit);

}  // namespace exportgate::report
