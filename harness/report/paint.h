// The style of each verdict.
#pragma once

#include "document/document.h"
#include "verdict/verdict.h"

namespace exportgate::report {

document::Style style_of(verdict::Verdict verdict);

}  // namespace exportgate::report
