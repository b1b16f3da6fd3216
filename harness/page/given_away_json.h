// The data of the section "Where it goes".
#pragma once

#include "page/page.h"
#include "report/given_away.h"
#include "report/json_parts.h"

namespace exportgate::page {

/// {"columns": ["aoti, torch 2.13.0"], "rows": [{"case", "cells", "entries": [{"word",
/// "reasons"}]}]}: no columns where nothing was given away.
report::Json given_away_json(const Subject& subject);

/// What that is made of, also for Markdown.
report::GivenAway given_away_of(const Subject& subject);

}  // namespace exportgate::page
