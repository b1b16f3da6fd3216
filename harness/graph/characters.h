// The few classes of ASCII characters that names and numbers of printed programs are made of,
// whatever the locale says.
#pragma once

namespace exportgate::graph {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Letters and the underscore.
constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace exportgate::graph
