// Which goldens a page was judged against: a verdict says nothing without them.
#pragma once

#include <string>

#include "workspace.h"

namespace exportgate::cli {

/// "Judged against the goldens in golden, as of commit 684c45e of 2026-11-30, in the project of
/// exportgate.toml. ..." Where git does not answer, no commit is named.
std::string golden_origin(const Folders& folders);

}  // namespace exportgate::cli
