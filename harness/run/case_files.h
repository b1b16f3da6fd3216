// Whether somebody edited what the outcomes of a case were made of: the one rule of `accept`, for
// what a run left pending and for what a record holds.
#pragma once

#include <string>

#include "base/error.h"
#include "matrix/case.h"
#include "record/case_files.h"

namespace exportgate::run {

/// Empty where the case's folder and the other files of the project are as they were when `seen`
/// was observed. Else a clause that says what is not: "case mine was edited since ...". What only
/// judges (waivers, [bench], expected_stage) does not count. Neither worker nor environment do: two
/// machines agree. Error: a file cannot be read.
Result<std::string> what_was_edited(const matrix::Case& one, const record::CaseFiles& seen);

}  // namespace exportgate::run
