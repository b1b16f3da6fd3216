// Text from parts. (Chains of + on temporaries make g++ 12 warn about overlapping copies that
// cannot happen.)
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace exportgate::graph {

inline std::string concat(std::initializer_list<std::string_view> parts) {
    std::size_t size = 0;
    for (const std::string_view part : parts)
        size += part.size();
    std::string text;
    text.reserve(size);
    for (const std::string_view part : parts)
        text += part;
    return text;
}

/// In single quotes.
inline std::string quoted(std::string_view text) {
    return concat({"'", text, "'"});
}

}  // namespace exportgate::graph
