// What kind of change a cell's change is: cells of one kind are one group.
#pragma once

#include <string>

#include "report/change_steps.h"
#include "report/upgrade_groups.h"

namespace exportgate::report {

/// Equal for cells of one kind, of those with one verdict. The kind is
///   - where the status or the exception is another one: both, and the first line of torch's
///     message where it refuses what it did not refuse
///   - where torch refuses with the exception that it had before: that; which one, and its
///   messages,
///     are steps
///   - where a program became worse: the first check that says so, with its reasons; checks that
///     tell of a program that is silently wrong come first
///   - where a program became better: whether such a check says so, or another one
///   - where it is neither: the steps of programs and checks; assertions that always hold are a
///     kind of their own only where there is no other step
///   - where the two outcomes do not say it (unobserved, new, programs that A saved): the reasons
std::string kind_of(const verdict::Judgement& judgement, const Change& change, const Steps& steps,
                    const GeneralWords& words);

/// Whether the only steps are assertions that always hold.
bool is_of_certain_assertions(const Steps& steps);

}  // namespace exportgate::report
