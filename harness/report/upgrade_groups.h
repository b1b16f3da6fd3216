// What an upgrade changed, identical changes together: the one content that all forms of its report
// show.
#pragma once

#include <string>
#include <vector>

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

struct ChangeGroup {
    verdict::Verdict verdict{};
    bool to_review = false;
    bool blocks = false;
    Change change;                    // of the first cell
    std::vector<matrix::Cell> cells;  // in matrix order
    bool other_pairs = false;         // some change is this one but for what is the pair's
    bool other_context = false;       // some change is made within a program that is another one
    bool other_checks = false;        // of some, other checks fail before and after
    bool other_programs = false;      // of some, the program itself differs too, in another way
    std::vector<std::string> gains;  // of cells that export now and did not: what the programs keep
                                     // dynamic, with the number of cells
};

/// The cells that are neither same nor cosmetic. Those that block first: regressed, case
/// error, unobserved, new, changed, waived, improved; within one verdict in matrix order. Cells are
/// together where verdict, outcomes, reasons, message and the changed lines of the diffs are equal,
/// or differ in their pair only, word by word. Of cells that export before and after, the outcomes
/// are not compared, since the reasons say what is other; and where a check turned, for the better
/// or the worse, the diffs are not: one cause turns a check in programs that are not alike.
std::vector<ChangeGroup> change_groups(const verdict::Upgrade& upgrade);

/// "GO", "GO, 3 changes to review", "NO-GO: 4 cells regressed", "cannot be judged: ...": one line
/// without a full stop. A change is a group.
std::string sentence(const verdict::Upgrade& upgrade, const std::vector<ChangeGroup>& groups);

/// "the others differ from it only by their pair ...": what the group's change, which is its first
/// cell's, does not say of the other cells; empty where it says all.
std::string how_others_differ(const ChangeGroup& group);

/// A cosmetic cell whose spellings tell most, a program rather than a message; null: there is none.
const verdict::Judgement* example_of_spelling(const verdict::Upgrade& upgrade);

/// "64 cells: 4 regressed, 16 improved, 44 same", worst first.
std::string counts_line(const verdict::Upgrade& upgrade);

/// What else differs between the two environments and could explain a change: "Python 3.11.7 ->
/// 3.12.1", "sympy 1.13.1 -> 1.14.0", the code of the cases; not torch itself.
std::vector<std::string> other_differences(const verdict::Upgrade& upgrade);

}  // namespace exportgate::report
