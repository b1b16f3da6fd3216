// golden/<case>/.pending/: what `run` saw and the goldens do not expect. Same spelling as the
// goldens, one environment.
#pragma once

#include <span>

#include "golden/golden.h"

namespace exportgate::golden {

/// Removes those cells of the pending file that hold exactly what was accepted, where it comes from
/// `environment`; nothing happens where there is no pending file or it cannot be read.
Result<void> remove_from_pending(const Golden& golden, const record::Environment& environment,
                                 std::span<const Pending> accepted);

/// Removes those cells of the pending file that hold exactly what was rejected, and says how many;
/// nothing else remembers them. As remove_from_pending otherwise.
Result<std::size_t> drop_from_pending(const Golden& golden, const record::Environment& environment,
                                      std::span<const Pending> rejected);

}  // namespace exportgate::golden
