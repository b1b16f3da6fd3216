// Reports are sinks: each is fed the same judged matrix and decides nothing.
#pragma once

#include <cstddef>
#include <string>

#include "verdict/verdict.h"

namespace exportgate::report {

struct ConsoleStyle {
    bool colour = false;
    std::size_t width = 100;
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

/// The same for programs. Members, in this order:
///   format       1
///   exit_code    0, 1 or 2
///   environment  name, torch, torch_build, python, platform, cxx11_abi, packages {name: version}
///   counts       {verdict label: number of cells}, verdicts that occur only
///   cells        [in matrix order: name, case, kind, mode, dims, pair, verdict (label), fails,
///                reasons [text], not_compared [{check, before, after}] (revisions; 0: not carried
///                out), seconds, taken_from (when an earlier run observed it, else null),
///                expectation (text), waiver, expected, observed]
///                waiver: null, or {reason, url, expires, instead_of (verdict label)}
///                expected: null, or {status, headline, checks, since, when, file, why}
///                observed: null, or {status, headline, checks, text_digest, decomposed_digest (may
///                be null)} checks: [{name, status ("pass", "fail", "n/a"), reasons [text], notes
///                [text], revision}]
///   problems     [{file, line, what, remedy}]: why it could not be judged
///   failures     [the same]: what fails besides the cells
std::string json(const verdict::Judged& judged);

}  // namespace exportgate::report
