// Cells x releases as the data of the page.
#pragma once

#include "page/page.h"
#include "report/json_parts.h"

namespace exportgate::page {

/// Read by the scripts in assets/ of the same build, and by nobody else: no published format.
/// Texts, outcomes and differences stand once and are named by their number, verdicts and releases
/// too. An entry is of a cell and a release, null where the cell is not declared for it; it leaves
/// out what it does not have.
report::Json cells_json(const Subject& subject);

}  // namespace exportgate::page
