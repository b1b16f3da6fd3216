// What the terminal can show, and the one way in which messages reach standard error.
#pragma once

#include <span>
#include <string_view>

#include "base/error.h"
#include "report/report.h"

namespace exportgate::cli {

/// Colour only on a terminal, and never with NO_COLOR set or TERM=dumb; the width is the
/// terminal's, 100 elsewhere. Only a terminal gets long messages and diffs cut.
report::ConsoleStyle console_style();

bool is_terminal(int descriptor);

/// "exportgate: file:line: what (remedy)" on standard error.
void print_error(const Error& error);
void print_errors(std::span<const Error> errors);

/// Writes to standard output. Returns false, with a message, where that fails (a full disk behind a
/// redirection).
bool print(std::string_view text);

}  // namespace exportgate::cli
