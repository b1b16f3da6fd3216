// What draft_export finds in a rejected cell, for readers and for programs.
#pragma once

#include "document/document.h"
#include "outcome/draft.h"
#include "report/json_parts.h"

namespace exportgate::report {

document::Fold draft_fold(const outcome::Draft& draft);

/// {torch, issues: [{kind, what, where, code}], dynamic_shapes, edited, obstacle}
Json draft_json(const outcome::Draft& draft);

}  // namespace exportgate::report
