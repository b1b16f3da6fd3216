// What an upgrade changed, identical changes together: the one content that all forms of its report
// show.
#pragma once

#include <string>
#include <vector>

#include "report/change_steps.h"
#include "verdict/upgrade.h"

namespace exportgate::report {

/// Why one cell is not the same as before. All printable, one line each.
struct Change {
    std::string summary;  // "rejected -> exported", "check run pass -> fail"
    std::string before;   // what it came to: "rejected in export: ValueError"; empty: nothing
    std::string after;
    std::vector<std::string> reasons;  // what the lines above do not say
    std::vector<std::string> message;  // torch's, of an outcome that refuses and did not before
    std::vector<std::string> diff;     // of two outcomes with one status; named by the two sides
    std::vector<std::string> decomposed_diff;  // the same of the decomposed programs
    bool both_exported = false;
    bool turned = false;  // both exported, and a check has another status
};

Change change_of(const verdict::Upgrade& upgrade, const verdict::Judgement& judgement);

/// A step that some cells of a group took.
struct GroupStep {
    Step step;
    std::vector<std::size_t> cells;   // places among the group's cells
    std::vector<std::size_t> counts;  // how often that cell took it, at least once
};

struct ChangeGroup {
    verdict::Verdict verdict{};
    bool to_review = false;
    bool blocks = false;
    Change change;                    // of the first cell; its summary is of all
    std::vector<matrix::Cell> cells;  // in matrix order
    std::vector<GroupStep> steps;     // what each cell's change is made of
    // Of some cells that took the same steps as the first:
    bool other_words = false;        // names and numbers are other ones, of their case and pair
    bool other_context = false;      // the program around the change is another one
    bool other_checks = false;       // other checks fail before and after
    std::vector<std::string> gains;  // of cells that export now and did not: what the programs keep
                                     // dynamic, with the number of cells
};

/// The cells that are neither same nor cosmetic. Those that block first: regressed, case
/// error, unobserved, new, changed, waived, improved; within one verdict in matrix order. Cells of
/// one kind are together (kind_of()). For every cell, the steps that name it take what it came to
/// in A to what it comes to in B, as far as general words tell.
std::vector<ChangeGroup> change_groups(const verdict::Upgrade& upgrade);

/// "GO", "GO, 3 changes to review", "NO-GO: 4 cells regressed", "cannot be judged: ...": one line
/// without a full stop. A change is a group. "GO for what was compared" where one side left out
/// running a program that the other ran.
std::string sentence(const verdict::Upgrade& upgrade, const std::vector<ChangeGroup>& groups);

/// "of its cells with the same steps ...": what the group's change, which is its first cell's, does
/// not say of the other cells; empty where it says all.
std::string how_others_differ(const ChangeGroup& group);

/// "29 of 47 cells: check run: fail -> pass": one line for each step that not every cell took
/// equally often; empty where the group's change says all.
std::vector<std::string> steps_in_part(const ChangeGroup& group);

/// A cosmetic cell whose spellings tell most, a program rather than a message; null: there is none.
const verdict::Judgement* example_of_spelling(const verdict::Upgrade& upgrade);

/// "64 cells: 4 regressed, 16 improved, 44 same", worst first.
std::string counts_line(const verdict::Upgrade& upgrade);

/// What else differs between the two environments and could explain a change: "Python 3.11.7 ->
/// 3.12.1", "sympy 1.13.1 -> 1.14.0", the code of the cases; not torch itself.
std::vector<std::string> other_differences(const verdict::Upgrade& upgrade);

}  // namespace exportgate::report
