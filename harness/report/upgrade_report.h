// The reports of `exportgate upgrade`. All show the same groups and end with, or begin with, the
// same sentence.
#pragma once

#include <cstddef>
#include <string>

#include "document/document.h"
#include "report/report.h"
#include "report/upgrade_groups.h"

namespace exportgate::report {

/// Which records were compared; a paragraph for each group; the cosmetic cells as a count with one
/// example; how many programs of A load in B; problems; the counts; and as the last line the
/// sentence.
std::string upgrade_console(const verdict::Upgrade& upgrade, const ConsoleStyle& style);

/// One cell as in the console, nothing cut.
std::string upgrade_paragraph(const verdict::Upgrade& upgrade, const verdict::Judgement& judgement);

/// What GitHub takes as the text of one comment, in characters; counted here in bytes, which are
/// not fewer.
inline constexpr std::size_t most_markdown = 65536;

/// A comment for a pull request: first line the sentence, then the counts, then the groups, folded.
/// Never longer than `limit`, which is at least 16 KiB: what does not fit is left out from the end,
/// first the details, and the text says so. What torch wrote stands in fences and code spans that
/// it cannot close.
std::string upgrade_markdown(const verdict::Upgrade& upgrade, std::size_t limit = most_markdown);

/// The same as a part of a longer page.
document::Document upgrade_comment(const verdict::Upgrade& upgrade,
                                   std::size_t limit = most_markdown);

/// One <testcase> per cell as in junit(): what blocks is a <failure>, unobserved cells and problems
/// are <error>s, waived cells <skipped>, all else passes.
std::string upgrade_junit(const verdict::Upgrade& upgrade);

inline constexpr int upgrade_json_format_version = 2;

/// The same for programs. Members, in this order:
///   format       2
///   exit_code    0, 1 or 2
///   sentence     "GO", "NO-GO: 4 cells regressed", ...
///   strict       whether what is to review fails
///   before       name, file, origin, inputs_digest, environment {as in json()}
///   after        the same
///   counts       {verdict label: number of cells}, verdicts that occur only; "same" for equal ones
///   programs     null, or what became in B of the programs that A saved: {saved_by (torch's
///                build), tried, loaded, failing_as_before (numbers), not_loaded [{cell,
///                reasons [text]}], not_tried [name]}
///   groups       [as change_groups() has them: verdict (label), blocks, to_review, summary,
///                before (text or ""), after, reasons [text], message [line], diff [line],
///                decomposed_diff [line], gains [text], cells [name], other_words, other_context,
///                other_checks, steps [{step (text), cells {name: how often}}]]
///   cells        [in matrix order: name, case, kind, mode, dims, pair, verdict (label), blocks,
///                to_review, reasons [text], not_compared [{check, before, after}] as in json(),
///                waiver, before, after, spelling]
///                waiver: null, or as in json()
///                before, after: null, or {status, headline, checks, text_digest,
///                decomposed_digest} as in json()
///                spelling: null, or of a cosmetic cell {before, after}
///   problems     [{file, line, what, remedy}]: why it could not be judged
///   failures     [the same]: what fails besides the cells
std::string upgrade_json(const verdict::Upgrade& upgrade);

}  // namespace exportgate::report
