// What became of a case since it was recorded, for whoever looks at both.
#pragma once

#include <string>

#include "base/error.h"
#include "matrix/case.h"
#include "record/record_file.h"

namespace exportgate::cli {

/// "case x was edited since"; empty: it was not. Error: one of its files cannot be read.
Result<std::string> edited_since(const record::Record& record, const matrix::Case& declared);

}  // namespace exportgate::cli
