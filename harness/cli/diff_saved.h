// `diff` of two files of torch.export.save.
#pragma once

#include <string>

#include "ended.h"

namespace exportgate::cli {

/// Exit codes as of `diff`. `as_json`: for programs, on standard output.
Ended diff_saved(const std::string& a, const std::string& b, bool as_json);

}  // namespace exportgate::cli
