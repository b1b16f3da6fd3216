// A relation between dims: "total == past + new", "batch*length <= 120". The extents that a case is
// called with obey it; torch is told of none but those that a derived Dim can express.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "matrix/polynomial.h"

namespace exportgate::matrix {

struct Relation {
    Polynomial left;
    std::string comparison;  // "==", "!=", "<", "<=", ">", ">="
    Polynomial right;

    /// Nothing where `text` is not one comparison of two polynomials.
    static std::optional<Relation> parse(std::string_view text);

    /// "total == past + new", in one spelling.
    std::string text() const;
    /// Each dim once.
    std::vector<std::string> names() const;
    /// False where a dim has no extent.
    bool holds(const std::map<std::string, std::int64_t>& extents) const;
    /// What `dim` is in terms of other dims, where one side of an equality is `dim` alone.
    std::optional<Polynomial> definition_of(const std::string& dim) const;

    bool operator==(const Relation& other) const {
        return text() == other.text();
    }
};

}  // namespace exportgate::matrix
