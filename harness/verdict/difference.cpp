#include <algorithm>

#include "verdict/reason.h"

namespace exportgate::verdict {
namespace {

Place place_of_check(const std::string& check, outcome::CheckStatus now) {
    switch (now) {
        case outcome::CheckStatus::pass:
            return "check " + check + " passes";
        case outcome::CheckStatus::fail:
            return "check " + check + " fails";
        case outcome::CheckStatus::not_applicable:
            return "check " + check + " does not apply";
    }
    return "check " + check;
}

struct PlaceOf {
    using Answer = std::optional<Place>;

    Answer operator()(const EndsOtherwise& difference) const {
        return difference.place;
    }
    Answer operator()(const RefusedOtherwise& difference) const {
        return difference.place;
    }
    Answer operator()(const AlwaysRaises&) const {
        return std::nullopt;
    }
    Answer operator()(const OtherProgram&) const {
        return "program";
    }
    Answer operator()(const OtherDecomposed&) const {
        return "decomposed program";
    }
    Answer operator()(const OtherRange& difference) const {
        return "range of " + difference.dim + (difference.narrows ? " narrows" : " widens");
    }
    Answer operator()(const OtherFacts& difference) const {
        return "facts " + difference.section;
    }
    Answer operator()(const CheckTurns& difference) const {
        return place_of_check(difference.check, difference.after);
    }
    Answer operator()(const CheckFailsAtOnce& difference) const {
        return place_of_check(difference.check, outcome::CheckStatus::fail);
    }
    Answer operator()(const CheckSeenAnew& difference) const {
        return place_of_check(difference.check, difference.after);
    }
    Answer operator()(const OtherReason& difference) const {
        return place_of_check(difference.check, difference.status);
    }
    Answer operator()(const OtherOrderOfChecks&) const {
        return "order of checks";
    }
    Answer operator()(const OfSavedProgram&) const {
        return "saved program";
    }
    Answer operator()(const FailsBeforeExport& difference) const {
        if (!difference.now) return std::nullopt;
        return "fails in " + difference.stage;
    }
    Answer operator()(const NoLongerThere&) const {
        return "no longer there";
    }
};

}  // namespace

std::optional<Place> place_of(const Difference& difference) {
    return std::visit(PlaceOf{}, difference.what);
}

std::string_view check_of(const Difference& difference) {
    return std::visit(
        [](const auto& what) -> std::string_view {
            if constexpr (requires { what.check; }) return what.check;
            return "";
        },
        difference.what);
}

bool has(const std::vector<Difference>& differences, Direction direction) {
    return std::any_of(differences.begin(), differences.end(),
                       [&](const auto& each) { return each.direction == direction; });
}

std::set<Place> places_of(const std::vector<Reason>& reasons) {
    std::set<Place> places;
    for (const auto& reason : reasons) {
        const auto* difference = std::get_if<Difference>(&reason);
        if (difference == nullptr) continue;
        if (auto place = place_of(*difference)) places.insert(*std::move(place));
    }
    return places;
}

}  // namespace exportgate::verdict
