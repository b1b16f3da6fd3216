// The tables of a golden folder (expected.tsv, pending.tsv): comment lines with the format and what
// holds for all rows, a line of column names, tab-separated rows. Read strictly: only exportgate
// writes them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace exportgate::golden {

/// '\', tab, newline and carriage return are written as \\ \t \n \r.
std::string escape(std::string_view text);
/// The reverse; also accepts '\' before any character of `also`. Error (what only): an unknown
/// escape.
Result<std::string> unescape(std::string_view text, std::string_view also = "");

/// A field: escaped text, "-" for empty (and "\-" for a text that is "-").
std::string print_field(std::string_view text);
Result<std::string> parse_field(std::string_view field);

struct TableRow {
    int line = 0;
    std::vector<std::string> fields;  // raw, one per column
};

struct Table {
    std::vector<std::string> comments;  // after the format line, without "# "
    std::vector<TableRow> rows;
};

/// What a table is: "exportgate expected outcomes" in the first line, with the format's version.
struct TableKind {
    std::string title;
    int format = 1;
    std::vector<std::string> columns;
    std::size_t comments = 0;   // comment lines after the first
    std::string remedy;         // for every error of the file
    std::string format_remedy;  // for another format
};

std::string print_table(const TableKind& kind, const Table& table);

/// Errors, all of them: empty, not UTF-8, CRLF (names git's core.autocrlf), another format, other
/// columns, rows of another length, the last line not ended.
Results<Table> parse_table(std::string_view text, const std::string& file, const TableKind& kind);

/// The checks on bytes that every file of a golden folder has to pass: not empty, UTF-8, no CR, a
/// newline at its end.
Errors check_bytes(std::string_view text, const std::string& file, const std::string& remedy);

}  // namespace exportgate::golden
