// Integer arithmetic on polynomials with sorted, collected terms.
#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>

#include "graph/expression.h"

namespace exportgate::graph {
namespace {

// Multiplying sums out may square the number of terms; beyond this they stay factors.
constexpr std::size_t most_terms = 64;

bool multiply_overflows(std::int64_t a, std::int64_t b, std::int64_t& product) {
    return __builtin_mul_overflow(a, b, &product);
}

bool add_overflows(std::int64_t a, std::int64_t b, std::int64_t& sum) {
    return __builtin_add_overflow(a, b, &sum);
}

std::int64_t floor_of_quotient(std::int64_t a, std::int64_t b) {
    const std::int64_t quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

}  // namespace

std::vector<Expressions::Part> Expressions::terms_of(ExpressionId id) const {
    const Node& node = nodes_[id];
    if (node.kind == Kind::integer) {
        if (node.integer == 0) return {};
        return {{node.integer, one_}};
    }
    if (node.kind == Kind::sum) {
        const auto parts = parts_of(node);
        return {parts.begin(), parts.end()};
    }
    return {{1, id}};
}

ExpressionId Expressions::from_terms(std::vector<Part> terms) {
    if (terms.empty()) return integer(0);
    if (terms.size() == 1 && terms[0].id == one_) return integer(terms[0].count);
    if (terms.size() == 1 && terms[0].count == 1) return terms[0].id;
    return intern(Kind::sum, false, 0, {}, terms);
}

ExpressionId Expressions::add(ExpressionId a, ExpressionId b) {
    if (nodes_[a].is_float || nodes_[b].is_float) return function("+", std::array{a, b});
    const std::vector<Part> left = terms_of(a);
    const std::vector<Part> right = terms_of(b);
    spend(left.size() + right.size());
    std::vector<Part> sum;
    sum.reserve(left.size() + right.size());
    auto l = left.begin();
    auto r = right.begin();
    while (l != left.end() || r != right.end()) {
        if (r == right.end() || (l != left.end() && l->id < r->id)) {
            sum.push_back(*l++);
        } else if (l == left.end() || r->id < l->id) {
            sum.push_back(*r++);
        } else {
            std::int64_t count = 0;
            if (add_overflows(l->count, r->count, count)) return function("+", std::array{a, b});
            if (count != 0) sum.push_back({count, l->id});
            ++l;
            ++r;
        }
    }
    return from_terms(std::move(sum));
}

ExpressionId Expressions::sum(std::span<const Term> terms) {
    std::vector<Part> parts;
    bool can_sort = true;
    for (const Term& term : terms) {
        if (nodes_[term.id].is_float) can_sort = false;
        if (!can_sort) break;
        const auto more = terms_of(term.subtracted ? negate(term.id) : term.id);
        parts.insert(parts.end(), more.begin(), more.end());
    }
    spend(parts.size());
    std::ranges::stable_sort(parts, {}, &Part::id);
    std::vector<Part> merged;
    for (const Part& part : parts) {
        if (merged.empty() || merged.back().id != part.id) {
            merged.push_back(part);
        } else if (add_overflows(merged.back().count, part.count, merged.back().count)) {
            can_sort = false;
        }
    }
    if (can_sort) {
        std::erase_if(merged, [](const Part& part) { return part.count == 0; });
        return from_terms(std::move(merged));
    }
    ExpressionId sum = integer(0);
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const ExpressionId id = terms[i].id;
        if (i == 0 && !terms[i].subtracted) {
            sum = id;
        } else {
            sum = terms[i].subtracted ? subtract(sum, id) : add(sum, id);
        }
    }
    return sum;
}

ExpressionId Expressions::negate(ExpressionId a) {
    if (nodes_[a].is_float) return function("-", std::array{a});
    return multiply(integer(-1), a);
}

ExpressionId Expressions::subtract(ExpressionId a, ExpressionId b) {
    if (nodes_[a].is_float || nodes_[b].is_float) return function("-", std::array{a, b});
    return add(a, negate(b));
}

std::vector<Expressions::Part> Expressions::factors_of(ExpressionId id) const {
    const Node& node = nodes_[id];
    if (id == one_) return {};
    if (node.kind == Kind::product) {
        const auto parts = parts_of(node);
        return {parts.begin(), parts.end()};
    }
    return {{1, id}};
}

// The product of two terms without their counts; nothing where a power overflows.
std::optional<ExpressionId> Expressions::product_of(ExpressionId a, ExpressionId b) {
    const std::vector<Part> left = factors_of(a);
    const std::vector<Part> right = factors_of(b);
    std::vector<Part> factors;
    factors.reserve(left.size() + right.size());
    std::ranges::merge(left, right, std::back_inserter(factors), {}, &Part::id, &Part::id);
    spend(factors.size());
    std::size_t kept = 0;
    for (std::size_t i = 0; i < factors.size(); ++i) {
        if (kept == 0 || factors[kept - 1].id != factors[i].id) {
            factors[kept++] = factors[i];
        } else if (add_overflows(factors[kept - 1].count, factors[i].count,
                                 factors[kept - 1].count)) {
            return std::nullopt;
        }
    }
    factors.resize(kept);
    if (factors.empty()) return one_;
    if (factors.size() == 1 && factors[0].count == 1) return factors[0].id;
    return intern(Kind::product, false, 0, {}, factors);
}

ExpressionId Expressions::multiply(ExpressionId a, ExpressionId b) {
    if (nodes_[a].is_float || nodes_[b].is_float) return function("*", std::array{a, b});
    const std::vector<Part> left = terms_of(a);
    const std::vector<Part> right = terms_of(b);
    if (left.size() * right.size() > most_terms) return function("*", std::array{a, b});
    ExpressionId sum = integer(0);
    for (const Part& l : left) {
        for (const Part& r : right) {
            std::int64_t count = 0;
            const auto product = product_of(l.id, r.id);
            if (!product || multiply_overflows(l.count, r.count, count)) {
                return function("*", std::array{a, b});
            }
            sum = add(sum, from_terms({{count, *product}}));
        }
    }
    return sum;
}

ExpressionId Expressions::floor_divide(ExpressionId a, ExpressionId b) {
    const auto divisor = integer_of(b);
    if (nodes_[a].is_float || !divisor || *divisor <= 0) return function("//", std::array{a, b});
    if (const auto number = integer_of(a)) return integer(floor_of_quotient(*number, *divisor));
    spend(terms_of(a).size());
    // floor((g*x) / (g*d)) == floor(x / d): what divides every term and the divisor goes.
    std::vector<Part> terms = terms_of(a);
    std::int64_t common = *divisor;
    for (const Part& term : terms)
        common = std::gcd(common, term.count);
    for (Part& term : terms)
        term.count /= common;
    const ExpressionId numerator = from_terms(std::move(terms));
    if (*divisor == common) return numerator;
    return function("//", std::array{numerator, integer(*divisor / common)});
}

ExpressionId Expressions::modulo(ExpressionId a, ExpressionId b) {
    const auto divisor = integer_of(b);
    if (nodes_[a].is_float || !divisor || *divisor <= 0) return function("%", std::array{a, b});
    if (const auto number = integer_of(a)) {
        return integer(*number - floor_of_quotient(*number, *divisor) * *divisor);
    }
    const std::vector<Part> terms = terms_of(a);
    spend(terms.size());
    if (std::ranges::all_of(terms, [&](const Part& term) { return term.count % *divisor == 0; })) {
        return integer(0);
    }
    return function("%", std::array{a, b});
}

ExpressionId Expressions::power(ExpressionId a, ExpressionId b) {
    const auto exponent = integer_of(b);
    constexpr std::int64_t largest = 16;
    if (nodes_[a].is_float || !exponent || *exponent < 0 || *exponent > largest) {
        return function("**", std::array{a, b});
    }
    ExpressionId product = one_;
    for (std::int64_t i = 0; i < *exponent; ++i)
        product = multiply(product, a);
    return product;
}

}  // namespace exportgate::graph
