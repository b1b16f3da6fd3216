// Whole files, read and written so that nothing is ever left half-written.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace exportgate {

/// The bytes of `path`. Error: the file cannot be opened or read, with the operating system's
/// reason.
Result<std::string> read_file(const std::filesystem::path& path);

/// Writes beside `path`, fsyncs, renames, and fsyncs the folder. On an error (no space, read-only)
/// the old file is untouched and nothing is left beside it. A process that is killed leaves nothing
/// either, or what remove_abandoned() removes (base/new_file.h). Creates missing parent folders.
Result<void> write_file(const std::filesystem::path& path, std::string_view text);

/// True where `text` is well-formed UTF-8.
bool is_utf8(std::string_view text);

/// True where `text` is UTF-8 without newlines and other control characters: it can be shown
/// anywhere as it is.
bool is_one_line(std::string_view text);

}  // namespace exportgate
