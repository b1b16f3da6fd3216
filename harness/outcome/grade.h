// What an outcome is worth, at a glance.
#pragma once

#include "outcome/outcome.h"

namespace exportgate::outcome {

enum class Grade {
    good,           // exported, all checks pass
    fails_a_check,  // exported, and runs as asked
    not_as_asked,   // exported, and a check fails that makes the program silently wrong
    rejected,
    crashed,
    timeout
};

Grade grade_of(const Outcome& outcome);

}  // namespace exportgate::outcome
