// Whether anybody could use an exported program, and whether a failing check tells of the program
// or of the declaration.
#pragma once

#include "matrix/cell.h"
#include "outcome/outcome.h"

namespace exportgate::outcome {

/// Whether the exported program raises whenever it is called: the check `run` fails, since it
/// raises at the cell's own pair and at every other pair that it has to run at, and returns
/// nowhere. Such a program is as loud as a rejection. False for other outcomes.
bool always_raises(const Outcome& outcome, const matrix::Case& asked, const matrix::Cell& cell);

/// Whether all that a failing check says is that case.toml declares another number of dims, a
/// constant or an extent than the program has: the program can be right. False where something that
/// was asked to be dynamic is not.
bool fails_by_declaration(const CheckResult& check);

}  // namespace exportgate::outcome
