#include "archive/python_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace exportgate::archive {
namespace {

bool is_python_word(std::string_view text) {
    if (text.empty() || (text.front() >= '0' && text.front() <= '9')) return false;
    for (const char c : text) {
        const bool fits =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (!fits) return false;
    }
    return true;
}

std::string escaped(std::string_view text, std::optional<char> quote) {
    std::string written;
    for (const char c : text) {
        if (c == quote || c == '\\')
            written += {'\\', c};
        else if (c == '\n')
            written += "\\n";
        else if (c == '\t')
            written += "\\t";
        else if (c == '\r')
            written += "\\r";
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            written += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else
            written += c;
    }
    return written;
}

}  // namespace

std::string python_float(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    std::array<char, 64> buffer{};
    const auto in = [&](std::chars_format format) {
        const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
        return std::string(buffer.data(), end.ptr);
    };
    const std::string scientific = in(std::chars_format::scientific);
    const int exponent = std::stoi(scientific.substr(scientific.find('e') + 1));
    // Python's repr: from 1e16 on and below 1e-4 with an exponent.
    if (value != 0 && (exponent >= 16 || exponent < -4)) return scientific;
    std::string fixed = in(std::chars_format::fixed);
    if (fixed.find('.') == std::string::npos) fixed += ".0";
    return fixed;
}

std::string python_string(std::string_view text) {
    const bool has_single = text.find('\'') != std::string_view::npos;
    const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
    return quote + escaped(text, quote) + quote;
}

std::string target_string(std::string_view name) {
    return "'" + escaped(name, std::nullopt) + "'";
}

bool is_identifier(std::string_view name) {
    return is_python_word(name) && name != "None" && name != "True" && name != "False" &&
           name != "return" && name != "self" && name != "pass" && name != "class";
}

bool is_dotted_name(std::string_view name) {
    std::size_t dot = name.find('.');
    if (!is_identifier(name.substr(0, dot))) return false;
    while (dot != std::string_view::npos) {
        name.remove_prefix(dot + 1);
        dot = name.find('.');
        if (!is_python_word(name.substr(0, dot))) return false;
    }
    return true;
}

}  // namespace exportgate::archive
