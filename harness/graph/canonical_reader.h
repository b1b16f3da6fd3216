// Reads a canonical text back: canonicalising it gives the same text again, and a golden can be
// compared with a print.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "graph/graph.h"

namespace exportgate::graph {

/// Whether `text` starts like a canonical text, of whatever format version.
bool looks_canonical(std::string_view text);

/// Checks every line: sections in their order, known kinds of lines, brackets, values defined
/// before they are used, symbols that the legend has. The result holds `text` as it is; inputs have
/// no name, as the text does not say it. Error: "file:line: found ..., expected ...", also for
/// another format version.
Result<Canonical> read_canonical(std::string_view text, const std::string& file);

}  // namespace exportgate::graph
