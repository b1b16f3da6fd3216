// golden/<case>/expected.tsv: the rows of a golden as text.
#pragma once

#include <string>
#include <string_view>

#include "golden/golden.h"

namespace exportgate::golden {

/// The whole file. Rows must be sorted.
std::string print_expected(const Golden& golden);

/// `recorded` and `rows` from the text; the rows' outcomes have no text yet. Errors, all of them
/// with their lines: as load() says, except for the text files.
Results<Golden> parse_expected(std::string_view text, const std::string& file,
                               const std::string& case_name);

}  // namespace exportgate::golden
