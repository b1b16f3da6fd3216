#include "report/check_reasons.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/text.h"

namespace exportgate::report {
namespace {

struct PlacedReason {
    std::string place;
    std::string what;
};

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789-") == std::string_view::npos;
}

/// "x dim 0", "batch = 1025", "C++ pytree": what checks put before a colon; an exception's class
/// stands there too.
bool is_place(std::string_view text) {
    const auto last = text.rfind(' ');
    if (text == "C++ pytree") return true;
    if (last == std::string_view::npos || !is_number(text.substr(last + 1))) return false;
    const auto before = text.substr(0, last);
    return before.ends_with(" dim") || before.ends_with(" =");
}

PlacedReason placed(const std::string& text) {
    constexpr std::string_view baked_in = " is baked in as ";
    if (const auto at = text.find(baked_in); at != std::string::npos)
        return {text.substr(0, at), text.substr(at + 4)};
    const auto colon = text.find(": ");
    if (colon == std::string::npos) return {"", text};
    auto place = text.substr(0, colon);
    if (!place.starts_with("pair ") && !is_place(place)) return {"", text};
    return {std::move(place), text.substr(colon + 2)};
}

std::string pair_places(const std::set<std::string>& seen, const std::string& own,
                        std::span<const matrix::Pair> pairs) {
    const bool has_own = seen.contains(own);
    if (seen.size() == pairs.size()) return pairs.size() == 1 ? "" : " at every pair";
    if (has_own) return seen.size() == 1 ? " at its own pair" : " at its own pair and another";
    if (seen.size() + 1 < pairs.size()) return " at another pair";
    return seen.size() == 1 ? " at the other pair" : " at the other pairs";
}

}  // namespace

std::vector<SaidReason> said_reasons(const outcome::CheckResult& check, const std::string& pair,
                                     std::span<const matrix::Pair> pairs) {
    std::vector<SaidReason> said;
    std::vector<std::set<std::string>> pairs_of;
    for (const auto& text : check.reasons) {
        const auto reason = placed(text);
        const auto found = std::find_if(said.begin(), said.end(),
                                        [&](const auto& each) { return each.what == reason.what; });
        const auto at = static_cast<std::size_t>(found - said.begin());
        if (found == said.end()) {
            said.push_back({reason.what, {}});
            pairs_of.emplace_back();
        }
        const std::string name =
            reason.place.starts_with("pair ") ? reason.place.substr(5) : std::string();
        const bool is_pair = std::any_of(pairs.begin(), pairs.end(),
                                         [&](const auto& each) { return each.name == name; });
        if (is_pair) {
            pairs_of[at].insert(name);
        } else if (!reason.place.empty()) {
            said[at].places.push_back(reason.place);
        }
    }
    for (std::size_t i = 0; i < said.size(); ++i) {
        if (!pairs_of[i].empty()) said[i].what += pair_places(pairs_of[i], pair, pairs);
    }
    return said;
}

std::string text_of(const std::vector<SaidReason>& reasons) {
    std::vector<std::string> texts;
    for (const auto& reason : reasons) {
        texts.push_back(reason.places.empty()
                            ? reason.what
                            : reason.what + " (" + join(reason.places, ", ") + ")");
    }
    return join(texts, "; ");
}

}  // namespace exportgate::report
