// The canonical form of an observation: what goldens hold and verdicts compare. A pure function of
// the observation and of what was asked.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/error.h"
#include "matrix/cell.h"
#include "record/observation.h"

namespace exportgate::outcome {

enum class Status { exported, rejected, crashed, timeout };

const std::string& to_string(Status);

using record::CheckStatus;
const std::string& to_string(CheckStatus);  // "pass", "fail", "n/a"

/// Of every check that there is, in their order everywhere.
const std::vector<std::string>& check_names();

/// See record::Check; false where nobody knows the check.
bool makes_silently_wrong(std::string_view check);
bool is_about_the_program(std::string_view check);

struct CheckResult {
    std::string name;
    CheckStatus status{};
    std::vector<std::string> reasons;  // why it fails or does not apply; sorted, one line each
    std::vector<std::string> notes =
        {};  // what was seen and is no failure, or was not tried; sorted
    int revision = 1;

    /// Notes are for a reader: where only they differ, it is the same result.
    bool operator==(const CheckResult& other) const {
        return std::tie(name, status, reasons, revision) ==
               std::tie(other.name, other.status, other.reasons, other.revision);
    }
};

struct Outcome {
    Status status{};
    // Canonical text with its format version in the first line, ending with a newline. exported:
    // graph, in_spec, out_spec, constants. rejected: stage, exception class, message with its cause
    // lines. crashed: stage, signal or exit code. timeout: stage.
    std::string text;
    std::vector<CheckResult> checks;  // exported only, that were carried out, in their fixed order
    // Canonical graph text of the decomposed program, with its format version in the first line and
    // a newline at the end; "" where there is none: not exported, or it could not be decomposed.
    std::string decomposed = {};
    // What the print does not say of the program (facts_text.h); "" where it was not observed,
    // which is another thing than nothing: compared only where both sides have it.
    std::string facts = {};

    bool operator==(const Outcome&) const = default;
};

/// `checks` are those that the worker was to carry out: one that it did not report fails. Error:
/// the observation is Unobserved, its print cannot be read (with the line inside the print), or a
/// check is none of those. Such a cell is never judged equal to anything.
Result<Outcome> canonical(const record::Observation& observation, const matrix::Case& asked,
                          const matrix::Cell& cell, const record::Revisions& checks);

/// "exported", "exported, dims fails", "rejected in export: torch._dynamo.exc.UserError": for
/// tables and sentences.
std::string headline(const Outcome& outcome);

}  // namespace exportgate::outcome
