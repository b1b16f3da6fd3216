// Outcome against expectation, a closed list of verdicts, the same words for a golden and for an
// upgrade.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "golden/golden.h"
#include "outcome/outcome.h"
#include "record/record_file.h"
#include "verdict/reason.h"

namespace exportgate::verdict {

enum class Verdict {
    as_expected,
    cosmetic,
    waived,
    improved,
    changed,
    regressed,
    new_,
    case_error,
    unobserved
};

struct VerdictInfo {
    std::string_view label;   // "as expected"
    std::string_view symbol;  // one column wide, ASCII
    bool fails;               // exit code 1 in `run` and `check`
    bool cannot_judge;        // exit code 2
};

/// The table of DESIGN: one row per verdict.
const VerdictInfo& info(Verdict verdict);

/// What `after` has other than `before`.
struct Comparison {
    Verdict verdict{};  // as_expected, improved, changed, regressed or unobserved
    std::vector<Difference> differences;
    std::vector<NotCompared> not_compared;
};

/// What two outcomes are of. Without it nothing is known of the pairs: no program counts as one
/// that always raises.
struct Asked {
    const matrix::Case* case_ = nullptr;
    const matrix::Cell* cell = nullptr;
};

/// A partial order, decided point by point; anything worse makes it regressed, whatever else got
/// better.
/// - status: exported is better than rejected, rejected better than crashed or timeout; these two
///   are not ordered. An exported program that always raises (outcome::always_raises) is as loud as
///   a rejection: from the one to the other is neither better nor worse
/// - a check: pass is better than fail and n/a; fail -> n/a is neither
/// - a check that one of two exported outcomes does not have, or in another revision: not compared.
///   Where `after` has the earlier revision, what is expected was not seen, and the verdict is
///   unobserved unless something else regressed. Where it fails in one of them only, that is
///   neither better nor worse, and not green: nobody has accepted it
/// - a check that fails where it could not be carried out before (rejected -> exported, n/a ->
///   fail) is worse if it tells of a program that is silently another one than was asked for (dims,
///   constants, run): a refusal is better. Of the others it is news, neither worse nor better; and
///   so it is where a rejection became a program of which only the declaration fails
///   (outcome::fails_by_declaration), or one that always raises
/// - reasons of a check that fails in both (a lost dim is one): each new one is worse, each that is
///   gone is better; another exception at the same step is neither
/// - the range of a dim that is dynamic in both: where extents are lost it is worse, else better
/// - the rest, a text that differs otherwise, another decomposed program, reasons of a check that
///   does not fail: other
/// - notes of checks: no difference
Comparison compare(const outcome::Outcome& before, const outcome::Outcome& after,
                   const Asked& asked = {});

/// Of two outcomes both of which can be judged.
Verdict verdict_of(const std::vector<Difference>& differences);

/// What makes its verdict: what is worse first, then what is better.
std::vector<Reason> reasons_of(const Comparison& comparison);

/// The waiver that covers a cell.
struct Waived {
    std::string reason;
    std::string url;
    Date expires{};        // the last day on which it holds
    Verdict instead_of{};  // what the verdict is without it
};

/// The verdict of one cell with everything a report needs to explain it.
struct Judgement {
    matrix::Cell cell;
    Verdict verdict{};
    std::vector<Reason> reasons;  // most important first; empty for as_expected
    std::vector<NotCompared> not_compared;
    std::optional<outcome::Outcome> expected;  // absent for `new`
    std::string expectation;  // "since 2.13.0: <why>", "inherited from 2.13.0", why none applies
    std::optional<outcome::Outcome> observed;  // absent for `unobserved`
    std::string case_error;  // the stage in which the case failed before torch was asked, where it
                             // did and its case.toml does not expect it
    double seconds = 0;      // of the cell's child
    std::string taken_from;  // when an earlier run observed it; empty: the record's own run
    std::string inherited_from;  // the recorded release that the expectation is inherited from,
                                 // where the record's own torch was never recorded
    std::string since;           // of the row that applies; these four are empty for `new`
    std::string when;
    std::string file;  // name of the expected text beside expected.tsv
    std::string why;
    std::optional<Waived> waiver;  // of a waived cell
};

struct Judged {
    record::Environment environment;
    std::vector<Judgement> judgements;  // in matrix order
    Errors problems;  // why it could not be judged: incomplete record, a case that was changed
                      // since the record
    Errors failures;  // what fails besides the cells: orphans, waivers
    int exit_code =
        0;  // 0 good, 1 a verdict fails or `failures`, 2 could not be judged (2 wins over 1)
};

/// Judges the cells of `selected` from the record. `cases` are all declared cases; `goldens` has an
/// entry for every case whose goldens could be loaded.
///   case error: the cell ended before torch was asked to export, and its case does not expect it;
///               whatever the golden says
///   unobserved: a cell that the record does not hold, whose print cannot be read, of a case that
///   the record asked otherwise, of a
///               case without an entry in `goldens`
///   problems:   incomplete record, a case that was changed since, observed cells that no case
///   declares, nothing to judge
/// Cells of a case whose first_torch is later than the record's torch are not declared there: left
/// out, unless they were observed.
Judged judge(const record::Record& record, std::span<const matrix::Case> cases,
             std::span<const golden::Golden> goldens, std::span<const matrix::Cell> selected);

/// As expected, in every check that came: there is nothing to accept.
bool is_settled(const Judgement& judgement);

/// Sets the exit code anew, after judgements or failures were changed.
void settle(Judged& judged);

/// Adds what fails besides the cells (orphans), or what keeps the whole from being judged, and sets
/// the exit code anew.
void add_orphans(Judged& judged, Errors orphans);
void add_problems(Judged& judged, Errors problems);

/// The number of judgements with each verdict, in the order of the enum; verdicts that do not occur
/// are left out.
std::vector<std::pair<Verdict, std::size_t>> counts(std::span<const Judgement> judgements);

}  // namespace exportgate::verdict
