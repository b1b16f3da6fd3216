// From one record to another: what a move from torch A to torch B makes better, worse or different.
// The expectation of every cell is what it came to in A.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verdict/saved_programs.h"
#include "verdict/verdict.h"

namespace exportgate::verdict {

/// One of the two records.
struct Side {
    std::string name;  // "2.9.1"; where both have one torch, "2.13.0 (nightly)", else "before" and
                       // "after"
    std::string file;  // the record's
    std::string origin;  // where it came from, for a person; the file unless something else is said
    std::string inputs_digest;  // of case code and worker
    record::Environment environment;
    std::int64_t seed = 0;  // of its random values
};

/// The first words that are spelt differently in two observations of one outcome.
struct Spelling {
    std::string before;
    std::string after;

    bool operator==(const Spelling&) const = default;
};

struct Upgrade {
    Side before;
    Side after;
    bool strict = false;              // what is to review fails
    std::vector<matrix::Case> cases;  // all that are declared
    Judged judged;  // of `after`; `expected` and `expectation` are what came in `before`
    std::map<std::string, Spelling> spellings;  // of the cosmetic cells, by name
    SavedPrograms programs;
};

/// Compares the cells of `selected`. `cases` are all declared cases.
///   as_expected, cosmetic   the outcomes are equal; cosmetic where torch's own words differ: the
///               print without its comments on where a node comes from, the message without what
///               differs from run to run, the reasons of checks, whatever their blanks and lines
///   improved, changed, regressed   as compare() says, and compare_saved_program() of the program
///               that A saved
///   new         nothing to compare with: the cell's case starts at a torch later than A's
///   regressed, changed   too, where the case starts at a torch later than B's and A observed the
///               cell: regressed where it exported there, since that is lost
///   unobserved  declared for both and missing, not seen or unreadable in one of them
///   case error  the case failed before torch was asked, in A or in B. But where nothing differs
///               besides torch (other_cause()), it is regressed where A came further than B, and
///               improved where B asked torch and A did not
///   problems    of either record, see Evidence; nothing to judge
/// Cells that neither record's torch is declared for and that neither holds are left out.
Upgrade upgrade(const record::Record& a, const record::Record& b,
                std::span<const matrix::Case> cases, std::span<const matrix::Cell> selected,
                bool strict);

/// False where the case code or the worker is another one in the two records: then a difference may
/// come from there, not from torch.
bool has_same_inputs(const Upgrade& upgrade);

/// "same" for as_expected, else the label of the table.
std::string_view upgrade_label(Verdict verdict);

/// A person has to look, and then it is good: `changed`, and `new` unless it exports and no check
/// fails.
bool is_to_review(const Judgement& judgement);

/// A failure of the gate: `regressed`, and with `strict` what is to review.
bool blocks(const Judgement& judgement, bool strict);

/// Sets the exit code anew, after something was added to `judged` or waived: 2 for problems,
/// unobserved cells and case errors, 1 for what blocks and for `judged.failures`, which here are
/// waivers that do not hold, else 0.
void settle(Upgrade& upgrade);

}  // namespace exportgate::verdict
