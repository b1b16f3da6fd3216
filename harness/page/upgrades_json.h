// What changed from each release to the next, as the data of the page.
#pragma once

#include "page/page.h"
#include "report/json_parts.h"

namespace exportgate::page {

/// [{before, after (names), sentence, exit_code, counts (text), other_differences [text], programs
/// {headline, details}, problems, groups [{verdict (label), symbol, blocks, to_review, summary,
/// before, after, reasons, message, diff, decomposed_diff [line], gains, others (text), sets
/// [text], cells [name]}]}]
report::Json upgrades_json(const Subject& subject);

}  // namespace exportgate::page
