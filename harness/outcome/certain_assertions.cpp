#include "outcome/certain_assertions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <vector>

#include "base/text.h"

namespace exportgate::outcome {
namespace {

constexpr std::string_view assertion = "aten._assert_scalar.default(";
constexpr std::string_view end_of_graph = "\nin_spec\n";
constexpr double infinity = std::numeric_limits<double>::infinity();

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// "s12", "u0": a canonical symbol.
bool is_symbol(std::string_view word) {
    return word.size() > 1 && (word[0] == 's' || word[0] == 'u') &&
           std::all_of(word.begin() + 1, word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "%12": a numbered value.
bool is_value(std::string_view word) {
    return word.size() > 1 && word[0] == '%';
}

/// Takes a word, "%" with its number, or one other character from the front of `text`.
std::string_view next_word(std::string_view& text) {
    std::size_t end = text[0] == '%' ? 1 : 0;
    while (end < text.size() && is_letter_or_digit(text[end]))
        ++end;
    const auto word = text.substr(0, std::max<std::size_t>(end, 1));
    text.remove_prefix(word.size());
    return word;
}

std::optional<double> number_in(std::string_view text) {
    if (text == "int_oo") return infinity;
    if (text == "-int_oo") return -infinity;
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || rest != end) return std::nullopt;
    return static_cast<double>(number);
}

/// Of "s0", "2*s0" or "12"; nothing for other terms.
std::optional<Interval> interval_of_term(std::string_view term, const Intervals& known) {
    if (const auto number = number_in(term)) return Interval{*number, *number};
    double factor = 1;
    if (const auto star = term.find('*'); star != std::string_view::npos) {
        const auto number = number_in(term.substr(0, star));
        if (!number || std::isinf(*number)) return std::nullopt;
        factor = *number;
        term.remove_prefix(star + 1);
    }
    const auto found = known.find(term);
    if (found == known.end() || factor == 0) return std::nullopt;
    const auto& [lower, upper] = found->second;
    return factor > 0 ? Interval{factor * lower, factor * upper}
                      : Interval{factor * upper, factor * lower};
}

/// Of a sum of such terms.
std::optional<Interval> interval_of(std::string_view sum, const Intervals& known) {
    Interval total{0, 0};
    bool subtracted = false;
    while (true) {
        const auto plus = sum.find(" + ");
        const auto minus = sum.find(" - ");
        const auto end = std::min(plus, minus);
        const auto term = interval_of_term(sum.substr(0, end), known);
        if (!term) return std::nullopt;
        total.lower += subtracted ? -term->upper : term->lower;
        total.upper += subtracted ? -term->lower : term->upper;
        if (end == std::string_view::npos) break;
        subtracted = end == minus;
        sum.remove_prefix(end + 3);
    }
    if (std::isnan(total.lower) || std::isnan(total.upper)) return std::nullopt;
    return total;
}

bool holds_between(std::string_view left, std::string_view op, std::string_view right,
                   const Intervals& known) {
    if (left == right) return op == "==" || op == "<=" || op == ">=";
    const auto a = interval_of(left, known);
    const auto b = interval_of(right, known);
    if (!a || !b) return false;
    if (op == "<=") return a->upper <= b->lower;
    if (op == "<") return a->upper < b->lower;
    if (op == ">=") return a->lower >= b->upper;
    if (op == ">") return a->lower > b->upper;
    if (op == "!=") return a->upper < b->lower || a->lower > b->upper;
    return a->lower == a->upper && b->lower == b->upper && a->lower == b->lower &&
           !std::isinf(a->lower);
}

/// The condition of a line that asserts one; empty for other lines.
std::string_view condition_of(std::string_view line) {
    const auto begin = line.find(assertion);
    if (begin == std::string_view::npos) return "";
    const auto rest = line.substr(begin + assertion.size());
    return rest.substr(0, rest.find(", \""));
}

/// The ranges of the symbols that have a declared name: `  s0  "batch"  1..1024`.
void add_range(std::string_view line, Intervals& known) {
    const auto dots = line.rfind("..");
    const auto before = line.rfind(' ', dots);
    if (dots == std::string_view::npos || before == std::string_view::npos ||
        line.find('"') == std::string_view::npos) {
        return;
    }
    const auto lower = number_in(line.substr(before + 1, dots - before - 1));
    const auto upper = number_in(line.substr(dots + 2));
    auto name = line.substr(2);
    if (lower && upper) known[std::string(next_word(name))] = {*lower, *upper};
}

/// Gives values and symbols their numbers by first appearance.
class Renumbering {
  public:
    std::string line(std::string_view line) {
        std::string result;
        while (!line.empty()) {
            const auto word = next_word(line);
            if (is_value(word)) {
                result += '%' + std::to_string(number_of(word, values_));
            } else if (is_symbol(word)) {
                auto& numbers = word[0] == 's' ? backed_ : unbacked_;
                result += word[0] + std::to_string(number_of(word, numbers));
            } else {
                result += word;
            }
        }
        return result;
    }

  private:
    using Numbers = std::map<std::string, std::size_t, std::less<>>;

    static std::size_t number_of(std::string_view word, Numbers& numbers) {
        const auto next = numbers.size();
        return numbers.try_emplace(std::string(word), next).first->second;
    }

    Numbers values_;
    Numbers backed_;
    Numbers unbacked_;
};

std::set<std::string, std::less<>> symbols_in(const std::vector<std::string_view>& lines) {
    std::set<std::string, std::less<>> symbols;
    for (auto line : lines) {
        while (!line.empty()) {
            const auto word = next_word(line);
            if (is_symbol(word)) symbols.emplace(word);
        }
    }
    return symbols;
}

}  // namespace

void add_interval(const graph::Symbol& symbol, Intervals& known) {
    const auto lower = number_in(symbol.lower);
    const auto upper = number_in(symbol.upper);
    if (lower && upper) known[symbol.name] = {*lower, *upper};
}

bool always_holds(std::string_view condition, const Intervals& known) {
    if (condition == "True") return true;
    constexpr std::array operators{" == ", " != ", " <= ", " >= ", " < ", " > "};
    for (const std::string_view op : operators) {
        const auto place = condition.find(op);
        if (place == std::string_view::npos) continue;
        const auto right = condition.substr(place + op.size());
        // Of "Max(s0, s1 == s2)" and the like nothing is known.
        if (condition.find_first_of("(\"&|") != std::string_view::npos) return false;
        return holds_between(condition.substr(0, place), op.substr(1, op.size() - 2), right, known);
    }
    return false;
}

WithoutCertain without_certain_assertions(std::string_view graph) {
    std::vector<std::string_view> legend;
    std::vector<std::string_view> kept;
    std::vector<std::string_view> dropped;
    Intervals known;
    bool in_legend = false;
    // What stands behind the graph is no graph: a key of a dict can read like a symbol.
    const auto end = std::min(graph.find(end_of_graph), graph.size());
    const auto specs = graph.substr(end);
    graph = graph.substr(0, end);
    for (const auto line : split(graph, '\n')) {
        if (in_legend) {
            legend.push_back(line);
            add_range(line, known);
            in_legend = !line.empty();
            continue;
        }
        in_legend = line == "symbols";
        const auto condition = condition_of(line);
        const bool certain = !condition.empty() && always_holds(condition, known);
        (certain ? dropped : kept).push_back(line);
    }
    const auto used = symbols_in(kept);
    const auto mentioned = symbols_in(dropped);
    Renumbering renumbering;
    WithoutCertain result{"", dropped.size()};
    std::vector<std::string_view> entries;  // and the blank line behind them
    for (const auto entry : legend) {
        auto rest = entry.substr(std::min<std::size_t>(2, entry.size()));
        const auto symbol = rest.empty() ? rest : next_word(rest);
        const bool has_name = entry.find('"') != std::string_view::npos;
        if (has_name || !mentioned.contains(symbol) || used.contains(symbol))
            entries.push_back(entry);
    }
    const bool has_legend = entries.size() > 1;
    for (const auto line : kept) {
        if (line == "symbols" && !has_legend) continue;
        result.text += renumbering.line(line) + '\n';
        if (line != "symbols") continue;
        for (const auto entry : entries)
            result.text += renumbering.line(entry) + '\n';
    }
    result.text.pop_back();
    result.text += specs;
    return result;
}

}  // namespace exportgate::outcome
