#include "outcome/grade.h"

namespace exportgate::outcome {
namespace {

Grade grade_of_program(const Outcome& outcome) {
    Grade grade = Grade::good;
    for (const auto& check : outcome.checks) {
        if (check.status != CheckStatus::fail) continue;
        if (makes_silently_wrong(check.name)) return Grade::not_as_asked;
        grade = Grade::fails_a_check;
    }
    return grade;
}

}  // namespace

Grade grade_of(const Outcome& outcome) {
    switch (outcome.status) {
        case Status::exported:
            return grade_of_program(outcome);
        case Status::rejected:
            return Grade::rejected;
        case Status::crashed:
            return Grade::crashed;
        case Status::timeout:
            return Grade::timeout;
    }
    return Grade::crashed;
}

}  // namespace exportgate::outcome
