// The paths of modules that saved programs have.
#pragma once

#include "archive/comparison.h"

namespace exportgate::archive {

/// Of the modules that were called: what torch.export.unflatten makes modules of. A program that is
/// called as it is does not depend on them.
Part compare_module_paths(const SavedModel& a, const SavedModel& b);

}  // namespace exportgate::archive
