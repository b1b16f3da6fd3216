// What surrounds torch in two records: the code of the cases, Python, the other packages. Where it
// is equal, a difference comes from torch.
#pragma once

#include <string>
#include <string_view>

#include "record/observation.h"

namespace exportgate::verdict {

/// Packages that come with a torch wheel say nothing that its version does not.
bool comes_with_torch(std::string_view package);

/// What else than torch differs and could be the cause, in words: "the code of the cases or the
/// worker", "Python 3.11 -> 3.12", "package numpy". "" where nothing does. Headers without a digest
/// of their inputs are not known to be equal.
std::string other_cause(const record::Header& before, const record::Header& after);

}  // namespace exportgate::verdict
