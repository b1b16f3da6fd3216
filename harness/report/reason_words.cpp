#include "report/reason_words.h"

#include <fmt/format.h>

#include "base/text.h"
#include "outcome/case_error.h"

namespace exportgate::report {
namespace {

using outcome::CheckStatus;

/// ": <reason>"
std::string because(const std::string& reason) {
    return reason.empty() ? "" : ": " + reason;
}

std::string side_text(const std::string& side) {
    return side.empty() ? "" : side + ": ";
}

std::string lines_text(const std::vector<std::string>& lines) {
    return lines.empty() ? "nothing else" : join(lines, "; ");
}

std::string extents(const outcome::DimRange& range) {
    return range.lower + ".." + range.upper;
}

struct DifferenceWords {
    std::string operator()(const verdict::EndsOtherwise& what) const {
        return what.before + " -> " + what.after;
    }
    std::string operator()(const verdict::RefusedOtherwise& what) const {
        return what.before == what.after ? "the message differs"
                                         : what.before + " -> " + what.after;
    }
    std::string operator()(const verdict::AlwaysRaises& what) const {
        return fmt::format("the program {} called: it could not be used, like a rejected one",
                           what.now ? "raises whenever it is" : "raised whenever it was");
    }
    std::string operator()(const verdict::OtherProgram&) const {
        return "the exported program differs";
    }
    std::string operator()(const verdict::OtherDecomposed& what) const {
        return !what.there_now      ? "there is no decomposed program any more"
               : !what.there_before ? "there is a decomposed program now"
                                    : "the decomposed program differs";
    }
    std::string operator()(const verdict::OtherRange& what) const {
        return fmt::format("the range of \"{}\" was {} and is {}", what.dim, extents(what.before),
                           extents(what.after));
    }
    std::string operator()(const verdict::OtherFacts& what) const {
        if (what.gone.empty() && what.added.empty())
            return fmt::format("the facts of the program differ, {}: the same in another order",
                               what.section);
        return fmt::format("the facts of the program differ, {}: {} -> {}", what.section,
                           lines_text(what.gone), lines_text(what.added));
    }
    std::string operator()(const verdict::CheckTurns& what) const {
        return fmt::format("check {}: {} -> {}{}", what.check, outcome::to_string(what.before),
                           outcome::to_string(what.after),
                           what.after == CheckStatus::pass ? "" : because(what.reason));
    }
    std::string operator()(const verdict::CheckFailsAtOnce& what) const {
        return fmt::format("check {}: fail, not there before{}", what.check, because(what.reason));
    }
    std::string operator()(const verdict::CheckSeenAnew& what) const {
        const bool fails = what.after == CheckStatus::fail;
        return fmt::format("check {}: {}, as this worker looks at it{}", what.check,
                           fails ? "fails" : "does not fail", fails ? because(what.reason) : "");
    }
    std::string operator()(const verdict::OtherReason& what) const {
        const bool fails = what.status == CheckStatus::fail;
        return fmt::format("check {}: {}{}", what.check,
                           !what.is_gone ? ""
                           : fails       ? "no longer: "
                                         : "no longer noted: ",
                           what.reason);
    }
    std::string operator()(const verdict::OtherOrderOfChecks&) const {
        return "the order of the checks or of their reasons differs";
    }
    std::string operator()(const verdict::OfSavedProgram& what) const {
        return fmt::format("a program saved by torch {}: {}", what.saved_by, what_is_wrong(what));
    }
    std::string operator()(const verdict::FailsBeforeExport& what) const {
        return (what.now ? "fails before export: " : "no longer fails before export: ") + what.what;
    }
    std::string operator()(const verdict::NoLongerThere& what) const {
        return "no longer there: " + what.why;
    }
};

struct ReasonWords {
    std::string operator()(const verdict::Obstacle& reason) const {
        return side_text(reason.side) + reason.why;
    }
    std::string operator()(const verdict::NothingExpected& reason) const {
        return reason.why;
    }
    std::string operator()(const verdict::CaseError& reason) const {
        return fmt::format("{}fails before export: {}{}", side_text(reason.side), reason.what,
                           reason.place.empty() ? "" : " (" + reason.place + ")");
    }
    std::string operator()(const verdict::RemedyOfCaseError& reason) const {
        return outcome::remedy_of_case_error(reason.stage);
    }
    std::string operator()(const verdict::PossibleCause& reason) const {
        return fmt::format("it may come from {}, not from torch", reason.cause);
    }
    std::string operator()(const verdict::RecordedEarlier& reason) const {
        const auto& check = reason.check;
        return fmt::format(
            "check {} is not comparable: recorded by an earlier worker (revision {}, expected is "
            "{})",
            check.check, check.after, check.before);
    }
    std::string operator()(const verdict::NotWaived& reason) const {
        const auto named =
            reason.places.empty() ? "a difference of no known kind" : join(reason.places, "\", \"");
        return fmt::format("not waived: the waiver at {}:{} is not written for \"{}\"", reason.file,
                           reason.line, named);
    }
    std::string operator()(const verdict::Difference& difference) const {
        return std::visit(DifferenceWords{}, difference.what);
    }
};

}  // namespace

std::string words_of(const verdict::Reason& reason) {
    return std::visit(ReasonWords{}, reason);
}

std::vector<std::string> words_of(const std::vector<verdict::Reason>& reasons) {
    std::vector<std::string> words;
    words.reserve(reasons.size());
    for (const auto& reason : reasons)
        words.push_back(words_of(reason));
    return words;
}

std::string what_is_wrong(const verdict::OfSavedProgram& program) {
    return program.reason.empty() ? "has another structure where it is loaded" : program.reason;
}

bool is_another_ending(const verdict::Reason& reason) {
    const auto* difference = std::get_if<verdict::Difference>(&reason);
    return difference != nullptr &&
           std::holds_alternative<verdict::EndsOtherwise>(difference->what);
}

}  // namespace exportgate::report
