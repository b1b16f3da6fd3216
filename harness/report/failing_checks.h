// Which checks fail, whether that is expected or not: a line per check, so that failures that are
// known are seen and do not drown those that are new.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "report/paint.h"
#include "verdict/verdict.h"

namespace exportgate::report {

/// "Failing checks, of 48 exported cells", then for each check that fails anywhere the number of
/// cells, how many of them were expected not to fail it, and where they are, cut at `width`; empty
/// where none fails.
document::Document failing_checks(std::span<const verdict::Judgement> judgements,
                                  std::size_t width);

}  // namespace exportgate::report
