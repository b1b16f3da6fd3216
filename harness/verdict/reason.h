// Why a cell has its verdict, as values. The words for a reader are made in report/.
#pragma once

#include <compare>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "verdict/difference.h"

namespace exportgate::verdict {

/// A check of two exported outcomes of which nothing can be said: one of them does not have it, or
/// has another revision of it.
struct NotCompared {
    std::string check;
    int before = 0;  // its revision; 0: it was not carried out
    int after = 0;

    auto operator<=>(const NotCompared&) const = default;
};

/// Why there is no outcome, or nothing to compare it with.
struct Obstacle {
    std::string side;  // the name of the record, where there are two
    std::string why;

    bool operator==(const Obstacle&) const = default;
};

/// Nothing is expected of the cell: Judgement::expectation says why.
struct NothingExpected {
    std::string why;

    bool operator==(const NothingExpected&) const = default;
};

/// The case failed before torch was asked, and whether torch changed anything is not known.
struct CaseError {
    std::string side;   // the name of the record, where there are two
    std::string what;   // outcome::describe_case_error()
    std::string place;  // where in the code of the case; "" where not known

    bool operator==(const CaseError&) const = default;
};

/// What a person can do about it.
struct RemedyOfCaseError {
    std::string stage;

    bool operator==(const RemedyOfCaseError&) const = default;
};

/// What differs besides torch, and may be the cause (verdict/surroundings.h); or where the user's
/// own code is what torch rejects.
struct PossibleCause {
    std::string cause;

    bool operator==(const PossibleCause&) const = default;
};

/// What is expected was not seen: an earlier worker recorded what came.
struct RecordedEarlier {
    NotCompared check;

    bool operator==(const RecordedEarlier&) const = default;
};

/// A waiver matches the cell, and does not name these of its differences.
struct NotWaived {
    std::string file;
    int line = 0;
    std::vector<Place> places;  // empty: nobody knows what differs

    bool operator==(const NotWaived&) const = default;
};

using Reason = std::variant<Obstacle, NothingExpected, CaseError, RemedyOfCaseError, PossibleCause,
                            RecordedEarlier, NotWaived, Difference>;

/// What a waiver of all these has to name.
std::set<Place> places_of(const std::vector<Reason>& reasons);

}  // namespace exportgate::verdict
