// One program of a cell: the exported one, or what was made of it by a check.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "matrix/cell.h"
#include "record/observation.h"
#include "verdict/verdict.h"

namespace exportgate::cli {

/// "exported", "loaded", "decomposed", "retraced"
const std::vector<std::string>& program_names();

/// A diff of two canonical texts, which are called by these names; "the same graph" for equal ones.
std::string program_difference(const std::string& from, const std::string& from_name,
                               const std::string& to, const std::string& to_name);

/// As torch printed it; `name` is one of program_names(). Error: the record, which is named `file`,
/// holds no such program of the cell.
Result<std::string> printed_program(const record::Observation* observation, const std::string& cell,
                                    const std::string& name, const std::string& file);

/// The canonical text of the program, in what it is unlike the exported one, and, of one that is
/// part of the golden, in what it is unlike the expected one. Error: the print cannot be read.
Result<std::string> shown_program(const std::string& print, const std::string& name,
                                  const matrix::Case& case_, const record::Exported& exported,
                                  const verdict::Judgement& judgement);

}  // namespace exportgate::cli
