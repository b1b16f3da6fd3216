// The reasons of one check, those that say the same of several places said once.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "matrix/case.h"
#include "outcome/outcome.h"

namespace exportgate::report {

struct SaidReason {
    std::string what;                 // "refused at the other pair", "got constant 3"
    std::vector<std::string> places;  // "x dim 0", "C++ pytree", "batch = 0"; may be empty

    bool operator==(const SaidReason&) const = default;
};

/// In the order of the check's reasons. A pair is named by what it is to the cell, whose own one is
/// `pair`: "at every pair", "at the other pair"; `pairs` are all of its case.
std::vector<SaidReason> said_reasons(const outcome::CheckResult& check, const std::string& pair,
                                     std::span<const matrix::Pair> pairs);

/// "got constant 3 (k dim 0, x dim 0); got constant 5 (k dim 1)"
std::string text_of(const std::vector<SaidReason>& reasons);

}  // namespace exportgate::report
