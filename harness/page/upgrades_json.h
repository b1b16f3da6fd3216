// What changed from each release to the next, as the data of the page.
#pragma once

#include "page/page.h"
#include "report/json_parts.h"

namespace exportgate::page {

/// A list, read by the scripts in assets/ of the same build, and by nobody else.
report::Json upgrades_json(const Subject& subject);

}  // namespace exportgate::page
