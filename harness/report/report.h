// Reports are sinks: each is fed the same judged matrix and decides nothing.
#pragma once

#include <cstddef>
#include <string>

#include "verdict/verdict.h"

namespace exportgate::report {

struct ConsoleStyle {
    bool colour = false;
    std::size_t width = 100;
    bool cuts = true;  // messages and diffs that are too long; false: a file or a pipe gets them
    /// Why nothing of it can be accepted: said in place of the commands that accept. Empty: it can.
    std::string nothing_to_accept = {};
};

/// A block per case: rows are kinds, columns are modes and dims styles, and in each a letter per
/// pair for what came (exported, rejected, ...) and a mark where that is not as expected. Then a
/// paragraph per unexpected cell; cells with the same difference share one. Then problems, what to
/// do, and one closing sentence. Control characters of torch's messages never reach the terminal.
std::string console(const verdict::Judged& judged, const ConsoleStyle& style);

/// One paragraph about one cell, as in `console`: expected, observed, reasons, diff, the command
/// that shows more.
std::string paragraph(const verdict::Judgement& judgement, const ConsoleStyle& style);

/// One <testsuite> per case, one <testcase> per cell. A cell that fails is a <failure> (type: the
/// verdict, message: the first reason, text: the paragraph), one that could not be judged an
/// <error>, a waived one <skipped>. Failures and problems of the whole are testcases of the suite
/// "exportgate".
std::string junit(const verdict::Judged& judged);

inline constexpr int json_format_version = 1;

/// The same for programs, as docs/schemas/report.schema.json says.
std::string json(const verdict::Judged& judged);

}  // namespace exportgate::report
