#include "matrix/polynomial.h"

#include <algorithm>
#include <charconv>

namespace exportgate::matrix {

/// expression: product (('+' | '-') product)*; product: factor ('*' factor)*;
/// factor: number | name | '-' factor | '(' expression ')'.
class PolynomialReader {
  public:
    explicit PolynomialReader(std::string_view text) : rest_(text) {}

    std::optional<Polynomial> read() {
        auto all = expression(0);
        skip_blanks();
        return rest_.empty() ? all : std::nullopt;
    }

  private:
    static constexpr int deepest = 64;  // parentheses within parentheses

    void skip_blanks() {
        while (!rest_.empty() && rest_.front() == ' ')
            rest_.remove_prefix(1);
    }

    bool take(char sign) {
        skip_blanks();
        if (rest_.empty() || rest_.front() != sign) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::optional<Polynomial> expression(int depth) {
        auto left = product(depth);
        while (left) {
            const int sign = take('+') ? 1 : take('-') ? -1 : 0;
            if (sign == 0) return left;
            const auto right = product(depth);
            left = right ? Polynomial::sum(*left, *right, sign) : std::nullopt;
        }
        return left;
    }

    std::optional<Polynomial> product(int depth) {
        auto left = factor(depth);
        while (left && take('*')) {
            const auto right = factor(depth);
            left = right ? Polynomial::product(*left, *right) : std::nullopt;
        }
        return left;
    }

    std::optional<Polynomial> factor(int depth) {
        if (depth > deepest) return std::nullopt;
        if (take('(')) {
            auto inner = expression(depth + 1);
            return take(')') ? inner : std::nullopt;
        }
        if (take('-')) {
            const auto inner = factor(depth + 1);
            return inner ? Polynomial::sum(Polynomial(), *inner, -1) : std::nullopt;
        }
        skip_blanks();
        const auto is_part = [](char c) {
            return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                   (c >= 'A' && c <= 'Z');
        };
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_part);
        const std::string word(rest_.begin(), end);
        rest_.remove_prefix(word.size());
        if (word.empty()) return std::nullopt;
        if (word[0] < '0' || word[0] > '9') return Polynomial::of_name(word);
        std::int64_t number = 0;
        const char* last = word.data() + word.size();
        const auto [read_to, error] = std::from_chars(word.data(), last, number);
        if (error != std::errc{} || read_to != last) return std::nullopt;
        return Polynomial::of_number(number);
    }

    std::string_view rest_;
};

std::optional<Polynomial> Polynomial::parse(std::string_view text) {
    return PolynomialReader(text).read();
}

std::optional<Polynomial> Polynomial::of_number(std::int64_t number) {
    Polynomial one;
    one.add({{}, number});
    return one;
}

Polynomial Polynomial::of_name(std::string name) {
    Polynomial one;
    one.add({{std::move(name)}, 1});
    return one;
}

bool Polynomial::add(Term term) {
    const auto same = std::find_if(terms_.begin(), terms_.end(),
                                   [&](const Term& one) { return one.names == term.names; });
    if (same == terms_.end()) {
        if (term.factor != 0) terms_.push_back(std::move(term));
        return true;
    }
    if (__builtin_add_overflow(same->factor, term.factor, &same->factor)) return false;
    if (same->factor == 0) terms_.erase(same);
    return true;
}

std::optional<Polynomial> Polynomial::sum(const Polynomial& a, const Polynomial& b, int sign) {
    Polynomial all = a;
    for (Term term : b.terms_) {
        if (__builtin_mul_overflow(term.factor, sign, &term.factor) || !all.add(std::move(term)))
            return std::nullopt;
    }
    return all;
}

std::optional<Polynomial> Polynomial::product(const Polynomial& a, const Polynomial& b) {
    Polynomial all;
    for (const Term& one : a.terms_) {
        for (const Term& other : b.terms_) {
            Term term = one;
            term.names.insert(term.names.end(), other.names.begin(), other.names.end());
            std::sort(term.names.begin(), term.names.end());
            if (__builtin_mul_overflow(one.factor, other.factor, &term.factor) ||
                !all.add(std::move(term)))
                return std::nullopt;
        }
    }
    return all;
}

std::string Polynomial::text() const {
    std::vector<Term> ordered = terms_;
    std::stable_partition(ordered.begin(), ordered.end(),
                          [](const Term& term) { return !term.names.empty(); });
    std::string text;
    for (const Term& term : ordered) {
        const bool negative = term.factor < 0;
        std::string factor = std::to_string(term.factor);
        if (negative) factor.erase(0, 1);
        if (text.empty()) {
            text = negative ? "-" : "";
        } else {
            text += negative ? " - " : " + ";
        }
        if (term.names.empty() || factor != "1") text += factor;
        for (std::size_t i = 0; i < term.names.size(); ++i)
            text += (i > 0 || factor != "1" ? "*" : "") + term.names[i];
    }
    return text.empty() ? "0" : text;
}

std::vector<std::string> Polynomial::names() const {
    std::vector<std::string> all;
    for (const Term& term : terms_) {
        for (const std::string& name : term.names) {
            if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
        }
    }
    return all;
}

std::optional<std::int64_t> Polynomial::at(
    const std::map<std::string, std::int64_t>& values) const {
    std::int64_t sum = 0;
    for (const Term& term : terms_) {
        std::int64_t product = term.factor;
        for (const std::string& name : term.names) {
            const auto value = values.find(name);
            if (value == values.end() || __builtin_mul_overflow(product, value->second, &product))
                return std::nullopt;
        }
        if (__builtin_add_overflow(sum, product, &sum)) return std::nullopt;
    }
    return sum;
}

std::optional<Polynomial> Polynomial::with(const std::map<std::string, Polynomial>& by) const {
    Polynomial all;
    for (const Term& term : terms_) {
        auto one = of_number(term.factor);
        for (const std::string& name : term.names) {
            const auto found = by.find(name);
            if (found == by.end() || !one) return std::nullopt;
            one = product(*one, found->second);
        }
        const auto next = one ? sum(all, *one, 1) : std::nullopt;
        if (!next) return std::nullopt;
        all = *next;
    }
    return all;
}

std::optional<Polynomial::Linear> Polynomial::linear() const {
    if (names().size() != 1) return std::nullopt;
    Linear linear{.name = names().front()};
    for (const Term& term : terms_) {
        if (term.names.size() > 1) return std::nullopt;
        (term.names.empty() ? linear.offset : linear.factor) = term.factor;
    }
    return linear;
}

bool Polynomial::operator==(const Polynomial& other) const {
    const auto difference = sum(*this, other, -1);
    return difference && difference->terms_.empty();
}

}  // namespace exportgate::matrix
