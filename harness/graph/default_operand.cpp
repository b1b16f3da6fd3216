#include "graph/default_operand.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "graph/concat.h"

namespace exportgate::graph {
namespace {

bool is_integer(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool same_float(std::string_view a, std::string_view b) {
    const std::string left(a);
    const std::string right(b);
    char* left_end = nullptr;
    char* right_end = nullptr;
    const double one = std::strtod(left.c_str(), &left_end);
    const double other = std::strtod(right.c_str(), &right_end);
    return *left_end == '\0' && *right_end == '\0' && one == other;
}

std::string_view without_optional(std::string_view type) {
    if (type.ends_with('?')) type.remove_suffix(1);
    return type;
}

bool is_list(std::string_view type) {
    return without_optional(type).ends_with(']');
}

/// 2 of "int[2]"; 0 of "int[]".
std::size_t declared_length(std::string_view type) {
    type = without_optional(type);
    const std::size_t opening = type.rfind('[');
    const std::string digits(type.substr(opening + 1, type.size() - opening - 2));
    return static_cast<std::size_t>(std::strtoul(digits.c_str(), nullptr, 10));
}

/// The elements of the default of a list: "[0, 1]", or "1" for as many as there are.
std::vector<std::string_view> elements(const Schema::Argument& argument) {
    std::string_view text = argument.default_value;
    if (!text.starts_with('[')) return {declared_length(argument.type), text};
    text = text.substr(1, text.size() - 2);
    std::vector<std::string_view> all;
    if (text.empty()) return all;
    for (std::string_view element : split(text, ',')) {
        while (element.starts_with(' '))
            element.remove_prefix(1);
        all.push_back(element);
    }
    return all;
}

/// An integer is no float where an operator takes either: it decides the dtype.
bool same_number(std::string_view type, std::string_view printed, std::string_view declared) {
    if (without_optional(type) == "float") return same_float(printed, declared);
    if (is_integer(printed) != is_integer(declared)) return false;
    return is_integer(printed) ? printed == declared : same_float(printed, declared);
}

std::string_view within_quotes(std::string_view text) {
    return text.size() < 2 ? text : text.substr(1, text.size() - 2);
}

}  // namespace

bool is_default(const Program& program, const Operand& operand, const Schema::Argument& argument) {
    const std::string_view declared = argument.default_value;
    if (declared.empty()) return false;
    switch (operand.kind) {
        case Operand::Kind::none_literal:
            return declared == "None";
        case Operand::Kind::boolean:
            return operand.text == declared;
        case Operand::Kind::number:
            return !is_list(argument.type) &&
                   declared.find_first_of("0123456789") == 0 + declared.starts_with('-') &&
                   same_number(argument.type, operand.text, declared);
        case Operand::Kind::string:
            return declared.starts_with('"') &&
                   within_quotes(operand.text) == within_quotes(declared);
        case Operand::Kind::sequence:
            break;
        case Operand::Kind::constant:
        case Operand::Kind::value:
        case Operand::Kind::mapping:
        case Operand::Kind::call:
            return false;
    }
    if (!is_list(argument.type) || declared == "None") return false;
    const std::vector<std::string_view> wanted = elements(argument);
    if (wanted.size() != operand.count) return false;
    for (std::uint32_t i = 0; i < operand.count; ++i) {
        const Operand& element = program.operands[operand.first + i];
        if (element.kind != Operand::Kind::number || element.text != wanted[i]) return false;
    }
    return true;
}

bool same_default(const Schema::Argument& a, const Schema::Argument& b) {
    if (a.default_value == b.default_value) return true;
    if (a.default_value.empty() || b.default_value.empty()) return false;
    const bool is_none = a.default_value == "None" || b.default_value == "None";
    if (!is_none && is_list(a.type) && is_list(b.type))
        return std::ranges::equal(elements(a), elements(b));
    return without_optional(a.type) == "float" && without_optional(b.type) == "float" && !is_none &&
           same_float(a.default_value, b.default_value);
}

std::string printed_default(const Schema::Argument& argument) {
    const std::string_view text = argument.default_value;
    if (text.starts_with('"')) return concat({"'", within_quotes(text), "'"});
    if (text.ends_with('.')) return concat({text, "0"});
    return std::string(text);
}

}  // namespace exportgate::graph
