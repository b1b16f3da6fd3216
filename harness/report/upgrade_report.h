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

/// The same for programs, as docs/schemas/upgrade.schema.json says.
std::string upgrade_json(const verdict::Upgrade& upgrade);

}  // namespace exportgate::report
