// A file that a user names to be compared: a print, or a saved program.
#pragma once

#include <string>

#include "base/error.h"

namespace exportgate::archive {

struct InputFile {
    bool is_zip = false;  // begins as a zip file that has entries does
    std::string text;     // all of it, where it is no zip file
};

/// What `path` is; "-" is standard input. A pipe can be read only once, which is done here. Errors:
/// it cannot be read, is neither a file nor a pipe, is empty, is a zip file without entries or one
/// that comes through a pipe, is no zip file and larger than `most` bytes.
Result<InputFile> read_input(const std::string& path, std::uint64_t most = 512u << 20);

/// What messages call it: "-" is "<standard input>".
std::string shown_input(const std::string& path);

}  // namespace exportgate::archive
