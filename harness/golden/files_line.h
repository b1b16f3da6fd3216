// The line of a pending file that says of which files its outcomes are.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "record/case_files.h"

namespace exportgate::golden {

/// The digest of the folder, then kind, name and digest of each other file; tabs between them.
std::string print_files(const record::CaseFiles& files);

/// Error (what only): not such a line.
Result<record::CaseFiles> parse_files(std::string_view line);

}  // namespace exportgate::golden
