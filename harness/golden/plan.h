// What accepting outcomes does to the rows of a golden, in memory.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "golden/golden.h"

namespace exportgate::golden {

struct Plan {
    Golden golden;  // as it is to be
    std::vector<RowNote> changed;
    std::vector<RowNote> restored;
    std::map<std::string, std::string> replaces;  // new text file -> the one it takes the place of
};

/// Adds, replaces and restores rows so that `environment` expects `accepted`, and verifies that
/// every other recorded release expects what it did. Errors as of accept(), except for what is on
/// disk.
Result<Plan> plan_accept(const Golden& golden, const record::Environment& environment,
                         std::span<const Pending> accepted, Covers covers, const std::string& why,
                         const std::string& when, std::int64_t seed = 0);

}  // namespace exportgate::golden
