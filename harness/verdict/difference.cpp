#include <algorithm>

#include "verdict/reason.h"

namespace exportgate::verdict {

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

std::optional<Place> place_of(const Difference& difference) {
    return std::visit([](const auto& what) -> std::optional<Place> { return what.place(); },
                      difference.what);
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
