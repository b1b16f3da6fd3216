// What the text of an outcome says, as values. The one writer of these texts, and the one reader:
// goldens hold the text.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "outcome/outcome.h"

namespace exportgate::outcome {

struct DimRange {
    std::string lower;  // a number or "-int_oo"; both are empty where there is no range
    std::string upper;  // a number or "int_oo"

    bool operator==(const DimRange&) const = default;
};

/// A symbol of a program.
struct DynamicDim {
    std::vector<std::string> names;  // of the dims that were asked for and that it is
    DimRange range;
};

struct Program {
    std::string_view graph;        // what graph::canonicalise() takes
    std::string_view specs;        // behind it: in_spec, out_spec, constants
    std::vector<DynamicDim> dims;  // those that have a name
};

struct Refusal {
    std::string stage;
    std::string exception;  // qualified class name
    std::vector<std::string> message;
};

struct Crash {
    std::string stage;
    std::string how;  // "SIGSEGV", "exit code 3"
};

struct Timeout {
    std::string stage;
};

using Parts = std::variant<Program, Refusal, Crash, Timeout>;

std::string text_of(const Refusal& refusal);
std::string text_of(const Crash& crash);
std::string text_of(const Timeout& timeout);

/// Views point into `outcome`. What is not in the text is empty.
Parts parts_of(const Outcome& outcome);

/// By name. Left out: dims without a range, and names that several dims or that share one, of which
/// it cannot be said which range is whose.
std::map<std::string, DimRange> ranges_of(const Program& program);

/// Whether an extent that was in `before` is not in `after`; true, too, where a bound is no number.
bool loses_extents(const DimRange& before, const DimRange& after);

}  // namespace exportgate::outcome
