// What one outcome has other than another, as a value. The words for a reader are made in report/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "outcome/outcome.h"
#include "outcome/parts.h"

namespace exportgate::verdict {

/// What a difference is about: its kind and its place, without the words that may be others the
/// next time. What a waiver is written for. "rejected in export", "check run fails", "program".
using Place = std::string;

/// In the order in which differences are told.
enum class Direction { worse, better, neither };

/// "check run fails", of a check that has this status now.
Place place_of_check(const std::string& check, outcome::CheckStatus now);

/// It ends in another status. Headlines of the outcomes.
struct EndsOtherwise {
    std::string before;
    std::string after;
    Place ending;  // "rejected in export"

    Place place() const {
        return ending;
    }
    bool operator==(const EndsOtherwise&) const = default;
};

/// It is refused, crashes or times out as before. Equal headlines: the message is another one.
struct RefusedOtherwise {
    std::string before;
    std::string after;
    Place ending;  // "rejected in export"

    Place place() const {
        return ending;
    }
    bool operator==(const RefusedOtherwise&) const = default;
};

/// The program raises whenever it is called, so nobody could use it. It has the place of the other
/// ending beside which it stands.
struct AlwaysRaises {
    bool now = false;  // else the one before

    static std::optional<Place> place() {
        return std::nullopt;
    }
    bool operator==(const AlwaysRaises&) const = default;
};

struct OtherProgram {
    static Place place() {
        return "program";
    }
    bool operator==(const OtherProgram&) const = default;
};

/// What the program decomposes into, or whether there is such a program.
struct OtherDecomposed {
    bool there_before = true;
    bool there_now = true;

    static Place place() {
        return "decomposed program";
    }
    bool operator==(const OtherDecomposed&) const = default;
};

/// Of a dim that is dynamic in both.
struct OtherRange {
    std::string dim;
    outcome::DimRange before;
    outcome::DimRange after;
    bool narrows = false;

    Place place() const {
        return "range of " + dim + (narrows ? " narrows" : " widens");
    }
    bool operator==(const OtherRange&) const = default;
};

/// A section of the facts of the program (outcome/facts_text.h).
struct OtherFacts {
    std::string section;
    std::vector<std::string> gone;  // lines
    std::vector<std::string> added;

    Place place() const {
        return "facts " + section;
    }
    bool operator==(const OtherFacts&) const = default;
};

/// A check of two exported programs has another status. `reason` is its first one now, or empty.
struct CheckTurns {
    std::string check;
    outcome::CheckStatus before{};
    outcome::CheckStatus after{};
    std::string reason;

    Place place() const {
        return place_of_check(check, after);
    }
    bool operator==(const CheckTurns&) const = default;
};

/// A check fails, and there was no program before.
struct CheckFailsAtOnce {
    std::string check;
    std::string reason;

    Place place() const {
        return place_of_check(check, outcome::CheckStatus::fail);
    }
    bool operator==(const CheckFailsAtOnce&) const = default;
};

/// A check that fails on one side only, and that was not carried out before, or in another
/// revision.
struct CheckSeenAnew {
    std::string check;
    outcome::CheckStatus after{};
    std::string reason;

    Place place() const {
        return place_of_check(check, after);
    }
    bool operator==(const CheckSeenAnew&) const = default;
};

/// A check has one status in both, for another reason.
struct OtherReason {
    std::string check;
    outcome::CheckStatus status{};
    bool is_gone = false;  // else it came
    std::string reason;

    Place place() const {
        return place_of_check(check, status);
    }
    bool operator==(const OtherReason&) const = default;
};

struct OtherOrderOfChecks {
    static Place place() {
        return "order of checks";
    }
    bool operator==(const OtherOrderOfChecks&) const = default;
};

/// Of the program that an earlier torch saved.
struct OfSavedProgram {
    std::string saved_by;  // the torch
    std::string reason;  // why it is not right; empty: it has another structure where it is loaded

    static Place place() {
        return "saved program";
    }
    bool operator==(const OfSavedProgram&) const = default;
};

/// The case ends before torch is asked in one of two records, though nothing but torch differs.
struct FailsBeforeExport {
    bool now = false;   // else before
    std::string stage;  // in which it fails now
    std::string what;   // outcome::describe_case_error()

    std::optional<Place> place() const {
        if (!now) return std::nullopt;
        return "fails in " + stage;
    }
    bool operator==(const FailsBeforeExport&) const = default;
};

/// The case is not declared for the torch of the second record.
struct NoLongerThere {
    std::string why;

    static Place place() {
        return "no longer there";
    }
    bool operator==(const NoLongerThere&) const = default;
};

struct Difference {
    Direction direction{};
    std::variant<EndsOtherwise, RefusedOtherwise, AlwaysRaises, OtherProgram, OtherDecomposed,
                 OtherRange, OtherFacts, CheckTurns, CheckFailsAtOnce, CheckSeenAnew, OtherReason,
                 OtherOrderOfChecks, OfSavedProgram, FailsBeforeExport, NoLongerThere>
        what;

    bool operator==(const Difference&) const = default;
};

/// nullopt where the place is that of another difference, or where no waiver can be written.
std::optional<Place> place_of(const Difference& difference);

/// The check that says the difference; "" where none does.
std::string_view check_of(const Difference& difference);

bool has(const std::vector<Difference>& differences, Direction direction);

}  // namespace exportgate::verdict
