#include "archive/sympy_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace exportgate::archive {
namespace {

constexpr int deepest_size = 90;  // the parser of prints takes 100

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
}

bool is_of_float(char c) {
    return is_word(c) || c == '+' || c == '-';
}

// As str() of sympy writes them. Functions that are not here are written as calls in both.
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> infixes = {{
    {"Add", " + "},
    {"Mul", "*"},
    {"Pow", "**"},
    {"FloorDiv", "//"},
    {"Rational", "/"},
    {"And", " & "},
    {"Or", " | "},
    {"StrictGreaterThan", " > "},
    {"GreaterThan", " >= "},
    {"StrictLessThan", " < "},
    {"LessThan", " <= "},
    {"PowByNatural", "**"},
    {"BitwiseFn_bitwise_and", " & "},
    {"BitwiseFn_bitwise_or", " | "},
    {"BitwiseFn_bitwise_xor", " ^ "},
}};

class SizeReader {
  public:
    SizeReader(std::string_view text, const SymbolNames* names) : rest_(text), names_(names) {}

    std::optional<std::string> read_whole() {
        auto read = read_value(0);
        return read && rest_.empty() ? read : std::nullopt;
    }

  private:
    std::string_view take_word() {
        std::size_t end = !rest_.empty() && rest_.front() == '-' ? 1 : 0;
        while (end < rest_.size() && is_word(rest_[end]))
            ++end;
        const std::string_view word = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return word;
    }

    bool accept(std::string_view expected) {
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(expected.size());
        return true;
    }

    std::optional<std::string> quoted(bool (*fits)(char) = is_word) {
        if (!accept("'")) return std::nullopt;
        const std::size_t end = rest_.find('\'');
        if (end == std::string_view::npos) return std::nullopt;
        std::string text(rest_.substr(0, end));
        rest_.remove_prefix(end + 1);
        if (text.empty() || !std::all_of(text.begin(), text.end(), fits)) return std::nullopt;
        return text;
    }

    /// A number, a word such as "true", or a call.
    std::optional<std::string> read_value(int depth) {
        if (depth > deepest_size) return std::nullopt;
        const std::string_view word = take_word();
        if (word.empty()) return std::nullopt;
        if (!accept("(")) return plain(word);
        if (word == "Symbol") return symbol();
        if (word == "Float") return float_number();
        if (word == "Function") return named_function(depth);
        auto operands = read_operands(depth);
        return operands ? call(word, std::move(*operands)) : std::nullopt;
    }

    /// Function('BitwiseFn_bitwise_and')(Symbol('s5'), Integer(3)), of a program saved twice.
    std::optional<std::string> named_function(int depth) {
        const auto name = quoted();
        if (!name || !accept(")(")) return std::nullopt;
        auto operands = read_operands(depth);
        return operands ? call(*name, std::move(*operands)) : std::nullopt;
    }

    std::optional<std::vector<std::string>> read_operands(int depth) {
        std::vector<std::string> operands;
        while (!accept(")")) {
            if (!operands.empty() && !accept(", ")) return std::nullopt;
            auto operand = read_value(depth + 1);
            if (!operand) return std::nullopt;
            operands.push_back(std::move(*operand));
        }
        return operands;
    }

    std::string plain(std::string_view word) const {
        if (word == "true") return "True";
        if (word == "false") return "False";
        if (word == "Infinity") return "oo";
        if (word == "NegativeInfinity") return "-oo";
        return named(std::string(word));
    }

    std::string named(std::string name) const {
        if (names_ == nullptr) return name;
        const auto other = names_->find(name);
        return other == names_->end() ? name : other->second;
    }

    /// Symbol('s5', positive=True, integer=True): what is assumed of it is not printed either.
    std::optional<std::string> symbol() {
        auto name = quoted();
        if (!name) return std::nullopt;
        while (accept(", ")) {
            const std::string_view assumption = take_word();
            if (assumption.empty() || !accept("=") || take_word().empty()) return std::nullopt;
        }
        if (!accept(")")) return std::nullopt;
        return named(std::move(*name));
    }

    /// Float('1.0e-5', precision=53)
    std::optional<std::string> float_number() {
        auto digits = quoted(is_of_float);
        if (!digits || !accept(", precision=") || take_word().empty() || !accept(")"))
            return std::nullopt;
        return digits;
    }

    std::optional<std::string> call(std::string_view name, std::vector<std::string> operands) {
        if (name == "Integer")
            return operands.size() == 1 ? std::optional(operands[0]) : std::nullopt;
        if (name == "Not") {
            return operands.size() == 1 ? std::optional("(~" + operands[0] + ")") : std::nullopt;
        }
        if (name == "Tuple" || name == "ExprCondPair") return list("", operands);
        if (name == "Equality") return list("Eq", operands);
        if (name == "Unequality") return list("Ne", operands);
        const bool reorders = name == "Add" || name == "Mul" || name == "Max" || name == "Min" ||
                              name == "And" || name == "Or";
        if (names_ != nullptr && reorders) std::sort(operands.begin(), operands.end());
        const auto infix = std::find_if(infixes.begin(), infixes.end(),
                                        [&](const auto& known) { return known.first == name; });
        if (infix == infixes.end()) return list(name, operands);
        const bool takes_many = reorders;
        if (operands.size() < 2 || (!takes_many && operands.size() != 2)) return std::nullopt;
        return "(" + fmt::format("{}", fmt::join(operands, infix->second)) + ")";
    }

    static std::string list(std::string_view name, const std::vector<std::string>& operands) {
        return fmt::format("{}({})", name, fmt::join(operands, ", "));
    }

    std::string_view rest_;
    const SymbolNames* names_;
};

}  // namespace

std::optional<std::string> size_text(std::string_view srepr, const SymbolNames* names) {
    // "s5 + 1" at once, as keys of range constraints are.
    if (names == nullptr && !srepr.empty() &&
        srepr.find_first_of("()'\"\n{}[]") == std::string_view::npos) {
        return std::string(srepr);
    }
    return SizeReader(srepr, names).read_whole();
}

}  // namespace exportgate::archive
