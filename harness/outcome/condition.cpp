#include "outcome/condition.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace exportgate::outcome {
namespace {

using Values = std::map<std::string, std::int64_t, std::less<>>;

constexpr int deepest_condition = 100;

/// Recursive descent; reads on after a mistake, and remembers it.
class ConditionReader {
  public:
    ConditionReader(std::string_view text, const Values& values) : text_(text), values_(values) {}

    std::optional<bool> read() {
        const auto result = disjunction();
        skip_blanks();
        if (failed_ || !text_.empty()) return std::nullopt;
        return result != 0;
    }

  private:
    std::int64_t disjunction() {
        if (++depth_ > deepest_condition) return fail();
        auto result = conjunction();
        while (take_word("or")) {
            const auto right = conjunction();
            result = result != 0 || right != 0;
        }
        --depth_;
        return result;
    }

    std::int64_t conjunction() {
        auto result = negation();
        while (take_word("and")) {
            const auto right = negation();
            result = result != 0 && right != 0;
        }
        return result;
    }

    std::int64_t negation() {
        bool negated = false;
        while (take_word("not"))
            negated = !negated;
        const auto result = comparison();
        return negated ? result == 0 : result;
    }

    std::int64_t comparison() {
        auto left = sum();
        bool compared = false;
        bool holds = true;
        while (true) {
            const auto op = take_one_of(std::array{"==", "!=", "<=", ">=", "<", ">"});
            if (op.empty()) return compared ? holds : left;
            const auto right = sum();
            holds = holds && is_true(left, op, right);
            compared = true;
            left = right;
        }
    }

    static bool is_true(std::int64_t left, std::string_view op, std::int64_t right) {
        if (op == "==") return left == right;
        if (op == "!=") return left != right;
        if (op == "<=") return left <= right;
        if (op == ">=") return left >= right;
        return op == "<" ? left < right : left > right;
    }

    std::int64_t sum() {
        auto result = product();
        while (true) {
            const auto op = take_one_of(std::array{"+", "-"});
            if (op.empty()) return result;
            const auto right = product();
            const bool overflows = op == "+" ? __builtin_add_overflow(result, right, &result)
                                             : __builtin_sub_overflow(result, right, &result);
            if (overflows) return fail();
        }
    }

    std::int64_t product() {
        auto result = factor();
        while (true) {
            const auto op = take_one_of(std::array{"//", "*", "%"});
            if (op.empty()) return result;
            const auto right = factor();
            if (op == "*") {
                if (__builtin_mul_overflow(result, right, &result)) return fail();
                continue;
            }
            if (right <= 0) return fail();
            // As Python: rounded down, and the remainder has the sign of the divisor.
            auto quotient = result / right;
            auto remainder = result % right;
            if (remainder < 0) {
                remainder += right;
                --quotient;
            }
            result = op == "//" ? quotient : remainder;
        }
    }

    std::int64_t factor() {
        skip_blanks();
        if (take("-")) {
            if (++depth_ > deepest_condition) return fail();
            const auto value = factor();
            --depth_;
            return -value;
        }
        if (take("(")) {
            const auto value = disjunction();
            skip_blanks();
            return take(")") ? value : fail();
        }
        std::size_t end = 0;
        while (end < text_.size() && is_part_of_name(text_[end]))
            ++end;
        const auto name = text_.substr(0, end);
        text_.remove_prefix(end);
        if (const auto value = values_.find(name); value != values_.end()) return value->second;
        std::int64_t number = 0;
        const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (name.empty() || error != std::errc() || rest != name.data() + name.size())
            return fail();
        return number;
    }

    static bool is_part_of_name(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '_';
    }

    void skip_blanks() {
        text_.remove_prefix(std::min(text_.find_first_not_of(' '), text_.size()));
    }

    bool take(std::string_view token) {
        if (!text_.starts_with(token)) return false;
        text_.remove_prefix(token.size());
        return true;
    }

    bool take_word(std::string_view word) {
        skip_blanks();
        if (!text_.starts_with(word)) return false;
        if (text_.size() > word.size() && is_part_of_name(text_[word.size()])) return false;
        return take(word);
    }

    template <std::size_t count>
    std::string_view take_one_of(const std::array<const char*, count>& operators) {
        skip_blanks();
        // "**" is no product.
        if (text_.starts_with("**")) return "";
        for (const std::string_view op : operators) {
            if (take(op)) return op;
        }
        return "";
    }

    std::int64_t fail() {
        failed_ = true;
        text_ = {};
        return 0;
    }

    std::string_view text_;
    const Values& values_;
    int depth_ = 0;
    bool failed_ = false;
};

}  // namespace

std::optional<bool> holds_for(std::string_view condition, const Values& values) {
    return ConditionReader(condition, values).read();
}

}  // namespace exportgate::outcome
