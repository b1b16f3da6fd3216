#include "matrix/relation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace exportgate::matrix {

std::optional<Relation> Relation::parse(std::string_view text) {
    static constexpr std::array<std::string_view, 6> comparisons{"==", "!=", "<=", ">=", "<", ">"};
    for (const std::string_view comparison : comparisons) {
        const std::size_t at = text.find(comparison);
        if (at == std::string_view::npos) continue;
        auto left = Polynomial::parse(text.substr(0, at));
        auto right = Polynomial::parse(text.substr(at + comparison.size()));
        if (!left || !right) return std::nullopt;
        return Relation{*std::move(left), std::string(comparison), *std::move(right)};
    }
    return std::nullopt;
}

std::string Relation::text() const {
    return fmt::format("{} {} {}", left.text(), comparison, right.text());
}

std::vector<std::string> Relation::names() const {
    std::vector<std::string> all = left.names();
    for (const std::string& name : right.names()) {
        if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
    }
    return all;
}

bool Relation::holds(const std::map<std::string, std::int64_t>& extents) const {
    const auto one = left.at(extents);
    const auto other = right.at(extents);
    if (!one || !other) return false;
    if (comparison == "==") return *one == *other;
    if (comparison == "!=") return *one != *other;
    if (comparison == "<") return *one < *other;
    if (comparison == "<=") return *one <= *other;
    if (comparison == ">") return *one > *other;
    return *one >= *other;
}

std::optional<Polynomial> Relation::definition_of(const std::string& dim) const {
    if (comparison != "==") return std::nullopt;
    const auto uses_dim = [&](const Polynomial& side) {
        const auto names = side.names();
        return std::find(names.begin(), names.end(), dim) != names.end();
    };
    if (left.text() == dim && !uses_dim(right)) return right;
    if (right.text() == dim && !uses_dim(left)) return left;
    return std::nullopt;
}

}  // namespace exportgate::matrix
