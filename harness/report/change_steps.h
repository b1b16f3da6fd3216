// What happened to one cell, in parts that can be counted and found again in other cells.
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "report/general_words.h"
#include "report/mismatch.h"

namespace exportgate::report {

/// What a step is about, in the order in which steps are shown.
enum class StepPart {
    outcome,
    check,
    saved_program,
    assertions,
    program,
    decomposed,
    facts,
    message
};

/// One of these, without what is the cell's own (GeneralWords):
///   outcome     became: "rejected in export: ValueError -> exported"
///   check       of `subject`; became: "pass -> fail", "fails" where the cell did not export
///   before;
///               added, removed: a reason of it
///   saved_program  added: why a program that A saved is not right in B
///   assertions  added, removed: one that always holds; `words` says of which program
///   program, decomposed   added, removed: a line, without such assertions
///   facts       added, removed: a line of a section of facts_text(); `words` begins with its name
///   message     added, removed: a line of torch's message that is not blank; became: "differs", of
///               the exception `subject`, which both have; or only names, numbers or blank lines do
struct Step {
    enum class Kind { became, removed, added };

    StepPart part{};
    Kind kind{};
    std::string subject;  // the check, or the exception of a message
    std::string words;

    auto operator<=>(const Step&) const = default;
};

/// How often each step was taken.
using Steps = std::map<Step, std::size_t>;

/// A cell that was observed on both sides. Taking these steps from the outcome before gives the
/// outcome after, as far as general words tell.
Steps steps_of(const outcome::Outcome& before, const outcome::Outcome& after,
               const GeneralWords& words, DiffCache& diffs);

bool has_step_of(const Steps& steps, StepPart part);

/// "+ check run: pair b3c5: raises NameError": a step as one line.
std::string line_of(const Step& step);

}  // namespace exportgate::report
