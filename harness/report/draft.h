// What draft_export finds in a rejected cell, for readers and for programs.
#pragma once

#include "document/document.h"
#include "matrix/cell.h"
#include "outcome/draft.h"
#include "report/json_parts.h"

namespace exportgate::report {

/// `cell` was asked, for `others` more that met the same.
document::Fold draft_fold(const outcome::Draft& draft, const matrix::Cell& cell,
                          std::size_t others);

/// {torch, issues: [{kind, what, where, code}], dynamic_shapes, edited, obstacle, remedy}
Json draft_json(const outcome::Draft& draft);

}  // namespace exportgate::report
