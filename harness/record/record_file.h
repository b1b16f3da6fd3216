// Record files: JSON lines, a header, one observation a line in matrix order, a footer. A file
// without its footer, or whose footer says incomplete, is an incomplete run and never green.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "matrix/cell.h"
#include "record/observation.h"

namespace exportgate::record {

inline constexpr int format_version = 3;

struct Record {
    std::string file;  // where it was read from, for messages
    Header header;
    std::vector<Observation> observations;  // at most one per cell of the header
    Footer footer;                          // complete == false where the file had none

    /// Positions in `observations` in the order of their names, filled by the readers below so that
    /// find() takes logarithmic time; empty in a record made in memory, where find() looks at one
    /// after the other.
    std::vector<std::size_t> by_name = {};

    /// The observation of `cell`, or null.
    const Observation* find(std::string_view cell) const;
};

/// Errors: unreadable, not a record, another format (names both), a broken line (its number), an
/// observation of a cell that the header does not name, or twice. A truncated file (last line cut,
/// footer missing) is a Record whose footer says so.
Result<Record> read_record(const std::filesystem::path& path);
Result<Record> parse_record(std::string_view text, const std::string& file);

std::string to_text(const Record& record);

/// One message of the worker's protocol uses the same spelling of an observation as a record line.
Result<Observation> parse_observation(std::string_view json, const std::string& file, int line);

/// An environment spelt as in a record header; `name` may be missing, as it is in a worker's hello.
Result<Environment> parse_environment(std::string_view json, const std::string& file, int line);

/// The checks that a worker carries out: {"run": 2}, as in a record header.
Result<Revisions> parse_revisions(std::string_view json, const std::string& file);

/// The declaration of a case as one line of JSON: part of a record's header and of a request to a
/// worker.
std::string to_json(const matrix::Case& case_);

}  // namespace exportgate::record
