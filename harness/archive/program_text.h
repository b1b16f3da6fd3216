// The program in a saved file, as the print of an ExportedProgram: what harness/graph reads. So a
// saved program has the canonical text of its print, and torch is needed for neither.
#pragma once

#include <string>

#include "archive/json_place.h"

namespace exportgate::archive {

/// The print of the document of an ExportedProgram (`serialized_exported_program.json` up to 2.7,
/// `models/<name>.json` from 2.8 on). What it does not know is noted as a mistake: a kind of
/// argument, a dtype, a size. Tensor subclasses are not in the document, and operands of operators
/// have their names.
std::string program_text(const Place& document);

}  // namespace exportgate::archive
