// JUnit for more than one set of verdicts: the frame is the same, what a cell says is not.
#pragma once

#include <functional>
#include <string>

#include "verdict/verdict.h"

namespace exportgate::report {

struct JunitCell {
    enum class Result { pass, failure, error };
    Result result{};
    std::string type;  // the verdict's label
    std::string text;  // everything about the cell; of one that passes nothing
};
using JunitWords = std::function<JunitCell(const verdict::Judgement&)>;

/// As junit() of report.h, each cell with the words that it is given.
std::string junit(const verdict::Judged& judged, const JunitWords& words);

}  // namespace exportgate::report
