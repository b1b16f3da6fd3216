// The whole of str(ExportedProgram) as a Program. Accepts what torch prints and nothing else.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "graph/program.h"

namespace exportgate::graph {

/// `print` must outlive the result. Error: "file:line: found ..., expected ...".
Result<Program> parse_program(std::string_view print, const std::string& file);

}  // namespace exportgate::graph
