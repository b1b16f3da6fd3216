// What a group of changes is called.
#pragma once

#include <string>

#include "report/upgrade_groups.h"

namespace exportgate::report {

/// One line: that of the first cell where all cells took its steps, else what is true of them all.
std::string summary_of(const ChangeGroup& group);

}  // namespace exportgate::report
