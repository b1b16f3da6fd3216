// The two sides of `exportgate upgrade`: from what a person wrote to a record.
#pragma once

#include <filesystem>
#include <string>

#include "record/record_file.h"

namespace exportgate::cli {

struct SideOptions {
    std::filesystem::path recordings = "tests/recordings";
};

/// The record that `side` names:
///   a file that exists, or a name that ends in .jsonl: that record
///   a torch release: <recordings>/<release>.jsonl
/// Error: nothing of that name, saying where it was looked for and what would help; a record that
/// cannot be read, or that holds another torch than the release it is filed under.
Result<record::Record> record_of_side(const std::string& side, const SideOptions& options);

}  // namespace exportgate::cli
