// Outcome against expectation, a closed list of verdicts, the same words for a golden and for an upgrade.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "golden/golden.h"
#include "outcome/outcome.h"
#include "record/record_file.h"

namespace exportgate::verdict {

enum class Verdict { as_expected, cosmetic, waived, improved, changed, regressed, new_, unobserved };

struct VerdictInfo {
    std::string_view label;   // "as expected"
    std::string_view symbol;  // one column wide, ASCII
    bool fails;               // exit code 1 in `run` and `check`
    bool cannot_judge;        // exit code 2
};

/// The table of DESIGN: one row per verdict.
const VerdictInfo& info(Verdict verdict);

/// What became better and what became worse from `before` to `after`, in short sentences ("rejected -> exported",
/// "check run: pass -> fail", "lost: dc.key_cache[0] dim 0 \"batch\"").
struct Comparison {
    Verdict verdict{};  // as_expected, improved, changed or regressed
    std::vector<std::string> better;
    std::vector<std::string> worse;
    std::vector<std::string> other;  // differs, neither better nor worse
};
Comparison compare(const outcome::Outcome& before, const outcome::Outcome& after);

/// The verdict of one cell with everything a report needs to explain it.
struct Judgement {
    matrix::Cell cell;
    Verdict verdict{};
    std::vector<std::string> reasons;               // one line each, most important first; empty for as_expected
    std::optional<outcome::Outcome> expected;       // absent for `new`
    std::string expectation;                        // "since 2.13.0: <why>", "inherited from 2.13.0", why none applies
    std::optional<outcome::Outcome> observed;       // absent for `unobserved`
    double seconds = 0;                             // of the cell's child
};

struct Judged {
    record::Environment environment;
    std::vector<Judgement> judgements;  // in matrix order
    Errors problems;                    // of the whole: incomplete record, orphans, a case that was changed since the record
    int exit_code = 0;                  // 0 good, 1 a verdict fails, 2 could not be judged (2 wins over 1)
};

/// Judges the cells of `selected` from the record. Cells that the record does not hold are `unobserved`.
Judged judge(const record::Record& record, std::span<const matrix::Case> cases,
             std::span<const golden::Golden> goldens, std::span<const matrix::Cell> selected);

}  // namespace exportgate::verdict
