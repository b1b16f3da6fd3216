// Why one cell of an upgrade is not the same as before.
#pragma once

#include <string>

#include "report/mismatch.h"
#include "report/upgrade_groups.h"

namespace exportgate::report {

Change change_of(const verdict::Upgrade& upgrade, const verdict::Judgement& judgement,
                 DiffCache& diffs);

/// Of a cell that exports and did not before: which dims its program keeps dynamic, in which range.
/// Empty for every other cell.
std::string gain_of(const verdict::Judgement& judgement);

}  // namespace exportgate::report
