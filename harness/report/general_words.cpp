#include "report/general_words.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "report/words.h"

namespace exportgate::report {
namespace {

constexpr std::string_view input_begin = "L['";
constexpr std::string_view of_size = ".size()[";

std::string replace_all(std::string text, std::string_view old, std::string_view now) {
    for (auto place = text.find(old); place != std::string::npos;
         place = text.find(old, place + now.size()))
        text.replace(place, old.size(), now);
    return text;
}

/// Takes "['key']", "[0]" and ".name" from the front, not ".size()".
void skip_path(std::string_view& text) {
    while (!text.empty()) {
        if (text.starts_with(of_size)) return;
        if (text[0] == '[') {
            const auto close = text.find(']');
            if (close == std::string_view::npos) return;
            text.remove_prefix(close + 1);
        } else if (text[0] == '.') {
            auto rest = text.substr(1);
            if (rest.empty() || !is_word_character(rest[0])) return;
            next_word(rest);
            text = rest;
        } else {
            return;
        }
    }
}

/// Without torch's words for inputs; a list of them is one.
std::string without_inputs(std::string_view line) {
    std::string result;
    while (!line.empty()) {
        const auto begin = line.find(input_begin);
        result += line.substr(0, begin);
        if (begin == std::string_view::npos) break;
        line.remove_prefix(begin + 1);
        skip_path(line);
        std::string word = "<input>";
        if (line.starts_with(of_size)) {
            line.remove_prefix(std::min(line.size(), line.find(']', of_size.size()) + 1));
            word = "<dim of an input>";
        }
        const auto again = word + ", ";
        if (result.ends_with(again)) result.resize(result.size() - again.size());
        result += word;
    }
    return result;
}

std::string without_times(std::string line) {
    constexpr std::string_view times = " times)";
    const auto open = line.rfind(" (");
    if (!line.ends_with(times) || open == std::string::npos) return line;
    const auto number = std::string_view(line).substr(open + 2, line.size() - open - 2 - 7);
    if (std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; }))
        line.resize(open);
    return line;
}

std::vector<std::string> dims_named_in(std::string_view line, const matrix::Case& case_) {
    std::vector<std::string> dims;
    while (!line.empty()) {
        const auto word = next_word(line);
        const bool is_dim = std::any_of(case_.dims.begin(), case_.dims.end(),
                                        [&](const auto& dim) { return dim.name == word; });
        if (is_dim && std::find(dims.begin(), dims.end(), word) == dims.end())
            dims.emplace_back(word);
    }
    return dims;
}

/// Whether a number at this place is no extent: "[0]" and "dim 0".
bool is_index(std::string_view before, std::string_view after) {
    return before.ends_with("dim ") || (before.ends_with('[') && after.starts_with(']'));
}

/// "<extent of length>" where the number is one of the pair; `meant` first.
std::optional<std::string> extent_for(std::string_view word, const matrix::Pair* pair,
                                      const std::vector<std::string>& meant) {
    if (!pair || !is_decimal_number(word)) return std::nullopt;
    const auto is_extent_of = [&](const auto& extent) {
        return word == std::to_string(extent.second);
    };
    if (meant.size() == 1) {
        const auto found = pair->extents.find(meant.front());
        if (found != pair->extents.end() && is_extent_of(*found)) return "<its extent>";
    }
    const auto found = std::find_if(pair->extents.begin(), pair->extents.end(), is_extent_of);
    if (found == pair->extents.end()) return std::nullopt;
    return "<extent of " + found->first + ">";
}

/// A line that says what is baked into the program, without the values: at another pair they are
/// that pair's input.
std::string without_baked_values(const std::string& line) {
    const auto values = line.find(" = ");
    const auto leaf = line.rfind(", the values of ");
    if (values == std::string::npos || leaf == std::string::npos || leaf < values) return line;
    return line.substr(0, values) + line.substr(leaf);
}

/// `s0` to `batch`, of the lines `  s0  "batch"  1..1024` of a canonical text.
std::map<std::string, std::string, std::less<>> names_of_symbols(std::string_view text) {
    std::map<std::string, std::string, std::less<>> names;
    const auto begin = text.find("\nsymbols\n");
    if (begin == std::string_view::npos) return names;
    for (auto line : split(text.substr(begin + 9), '\n')) {
        const auto open = line.find('"');
        const auto close = line.rfind('"');
        if (!line.starts_with("  ")) break;
        if (open == std::string_view::npos) continue;
        const auto symbol = line.substr(2, line.find(' ', 2) - 2);
        names[std::string(symbol)] =
            '<' + std::string(line.substr(open + 1, close - open - 1)) + '>';
    }
    return names;
}

/// Numbers by first appearance.
class Numbering {
  public:
    explicit Numbering(char sigil) : sigil_(sigil) {}

    std::string of(std::string_view name) {
        const auto next = numbers_.size();
        return sigil_ + std::to_string(numbers_.try_emplace(std::string(name), next).first->second);
    }

  private:
    char sigil_;
    std::map<std::string, std::size_t, std::less<>> numbers_;
};

}  // namespace

std::string GeneralWords::message(std::string_view line) const {
    auto text = without_inputs(without_times(std::string(line)));
    if (!case_) return text;
    const auto dims = dims_named_in(text, *case_);
    std::string result;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto word = next_word(rest);
        const auto dim = std::find(dims.begin(), dims.end(), word);
        const bool is_pair = std::any_of(case_->pairs.begin(), case_->pairs.end(),
                                         [&](const auto& pair) { return pair.name == word; });
        if (dim != dims.end()) {
            const auto number = dim - dims.begin() + 1;
            result += number == 1 ? "<dim>" : "<dim " + std::to_string(number) + ">";
        } else if (is_pair) {
            result += pair_ && pair_->name == word ? "<pair>" : "<another pair>";
        } else if (word == case_->name) {
            result += "<case>";
        } else if (word == "case_" + case_->name || word == "native_" + case_->name) {
            result += std::string(word.substr(0, word.size() - case_->name.size())) + "<case>";
        } else {
            result += is_index(result, rest)
                          ? std::string(word)
                          : extent_for(word, pair_, dims).value_or(std::string(word));
        }
    }
    return replace_all(std::move(result), "<dim>, <dim>", "<dim>");
}

std::vector<std::string> GeneralWords::program(std::span<const std::string> diff,
                                               std::string_view before,
                                               std::string_view after) const {
    const auto old_names = names_of_symbols(before);
    const auto new_names = names_of_symbols(after);
    Numbering values('%');
    Numbering symbols('s');
    std::vector<std::string> result;
    for (const auto& each : diff) {
        const bool removed = each.starts_with('-');
        if (!removed && !each.starts_with('+')) continue;
        const auto& names = removed ? old_names : new_names;
        const auto line = without_baked_values(each);
        std::string general;
        std::string_view rest = line;
        while (!rest.empty()) {
            const auto word = next_word(rest);
            if (const auto name = names.find(word); name != names.end()) {
                general += name->second;
            } else if (word == "%" && !rest.empty() && is_word_character(rest[0])) {
                general += values.of(next_word(rest));
            } else if (word.size() > 1 && word[0] == 's' && is_decimal_number(word.substr(1))) {
                general += symbols.of(word);
            } else {
                general += is_index(general, rest)
                               ? std::string(word)
                               : extent_for(word, pair_, {}).value_or(std::string(word));
            }
        }
        result.push_back(std::move(general));
    }
    return result;
}

}  // namespace exportgate::report
