// The canonical form of an observation: what goldens hold and verdicts compare. A pure function of
// the observation and of what was asked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "matrix/cell.h"
#include "record/observation.h"

namespace exportgate::outcome {

enum class Status { exported, rejected, crashed, timeout };

const std::string& to_string(Status);

using record::CheckStatus;
const std::string& to_string(CheckStatus);  // "pass", "fail", "n/a"

/// The checks of every exported outcome, in their order everywhere.
const std::vector<std::string>& check_names();

/// dims, constants, run: one that fails tells of a program that is silently another one than was
/// asked for, and no program at all is better. The others fail loudly, outside of what was asked,
/// or because of the class.
bool is_of_what_was_asked(std::string_view check);

/// All but pytree and registry, which are about the class and its registration.
bool is_of_the_program(std::string_view check);

struct CheckResult {
    std::string name;
    CheckStatus status{};
    std::vector<std::string> reasons;  // canonical, sorted, one line each; of pass: what was seen
                                       // and is no failure

    bool operator==(const CheckResult&) const = default;
};

struct Outcome {
    Status status{};
    // Canonical text with its format version in the first line, ending with a newline. exported:
    // graph, in_spec, out_spec, constants. rejected: stage, exception class, message with its cause
    // lines. crashed: stage, signal or exit code. timeout: stage.
    std::string text;
    std::vector<CheckResult> checks;  // exported only, in the fixed order of the list of checks
    // Canonical graph text of the decomposed program, with its format version in the first line and
    // a newline at the end; "" where there is none: not exported, or it could not be decomposed.
    std::string decomposed = {};

    bool operator==(const Outcome&) const = default;
};

/// Error: the observation is Unobserved, or its print cannot be read (with the line inside the
/// print). Such a cell is never judged equal to anything.
Result<Outcome> canonical(const record::Observation& observation, const matrix::Case& asked,
                          const matrix::Cell& cell);

/// "exported", "exported, dims fails", "rejected in export: torch._dynamo.exc.UserError": for
/// tables and sentences.
std::string headline(const Outcome& outcome);

}  // namespace exportgate::outcome
