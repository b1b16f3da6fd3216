// Cells x releases as the data of the page.
#pragma once

#include "page/page.h"
#include "report/json_parts.h"

namespace exportgate::page {

/// Members:
///   verdicts     [{label, symbol}], in the order of the enum; entries name them by number
///   letters      [{letter, meaning}]
///   releases     [{name, file, torch, python, platform, made_by, exit_code, counts [[verdict,
///                number]], problems, failures [{file, line, what, remedy}]}]
///   cases        [{name, summary, class_name, leaves [{name, dtype, shape [number or dim]}],
///                dims [{name, min, max}], pairs {name: {dim: extent}}, mutates [name]}]
///   cells        [{name, case (number), kind, mode, dims, pair, entries}], in matrix order;
///                entries: one per release, null where the cell is not declared for it, else
///                {letter, variant, note, change (verdict, from the release before), difference,
///                like, verdict (against the golden), reasons [text], expectation, why,
///                golden_file, waiver, observed, expected (numbers of outcomes, or null),
///                against_golden, against_before (numbers of differences: of the programs, of the
///                decomposed ones), before (number of the release), seconds}
///   outcomes     [{status, headline, text, decomposed (numbers of texts, or null), checks [{name,
///                status, reasons}]}]
///   differences  see Differences
///   texts        [text]
report::Json cells_json(const Subject& subject);

}  // namespace exportgate::page
