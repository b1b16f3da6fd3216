// Reports are sinks: each is fed the same judged matrix and computes nothing.
#pragma once

#include <string>
#include <vector>

#include "verdict/verdict.h"

namespace exportgate::report {

struct ConsoleStyle {
    bool colour = false;
    std::size_t width = 100;
};

/// The table kinds x modes x dims, one paragraph per unexpected cell (expected, observed, diff, the command that shows more), and
/// one closing sentence.
std::string console(const verdict::Judged& judged, const ConsoleStyle& style);

/// One <testcase> per cell, failure message and diff inside; problems of the whole are a failing testcase of their own.
std::string junit(const verdict::Judged& judged);

/// The same for programs.
std::string json(const verdict::Judged& judged);

/// One paragraph about one unexpected cell, as in `console`.
std::string paragraph(const verdict::Judgement& judgement, const ConsoleStyle& style);

}  // namespace exportgate::report
