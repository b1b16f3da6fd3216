// What becomes, under the torch of one record, of the programs that the torch of an earlier one
// saved.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "verdict/verdict.h"

namespace exportgate::verdict {

/// A's programs in B, as B's record has it (`run --load-programs`). Nothing tried: it does not.
struct SavedPrograms {
    std::size_t tried = 0;              // programs of A's torch that were given to B's
    std::size_t loaded = 0;             // of these; what does not work of them makes its cell worse
    std::size_t failing_as_before = 0;  // of the loaded ones: they fail in B just as they do in A
    std::map<std::string, std::vector<std::string>> not_loaded;  // cell -> why, one line each
    std::map<std::string, std::size_t> of_other_builds;  // build -> programs of A's release that
                                                         // B was given: not those of A's build
    std::vector<std::string>
        not_tried;  // cells that export in A, and whose program was not given to B
};

/// Adds to `comparison` what is worse about A's program of one cell than A's own check `run` says:
///   worse  each reason of B why it does not load and run that `run` does not have in A (neither
///          where `run` has another revision in B; nothing where it fails in both); a print
///          that cannot be read, or is missing where B says that it runs
///   neither  loaded in B it has another structure than loaded in A
/// Counts the cell in `programs`. Nothing where B was given no program of A's torch, or had no case
/// to try it with.
void compare_saved_program(const record::Observation& before, const record::Observation& after,
                           const record::Environment& saved_by, const matrix::Case& asked,
                           const Judgement& judgement, Comparison& comparison,
                           SavedPrograms& programs);

}  // namespace exportgate::verdict
