// What an `accept` or a `run` that was killed left in the folder of a golden.
#pragma once

#include "golden/golden.h"

namespace exportgate::golden {

/// Removes temporary files whose writers are gone, outcome files that no row uses, and pending
/// files without their table. The caller holds the lock of the goldens: nobody else writes them.
void remove_leftovers(const Golden& golden);

}  // namespace exportgate::golden
