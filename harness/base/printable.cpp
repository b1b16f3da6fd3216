#include "base/printable.h"

#include <algorithm>

#include "base/files.h"

namespace exportgate {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

std::size_t length_by_first_byte(unsigned char byte) {
    if (byte < 0x80) return 1;
    if (byte >= 0xF0) return 4;
    if (byte >= 0xE0) return 3;
    return byte >= 0xC0 ? 2 : 1;
}

/// Marks that turn the direction of what follows: a terminal shows the text in another order.
bool is_turn(std::string_view character) {
    return character == "\u200E" || character == "\u200F" ||
           (character >= "\u202A" && character <= "\u202E") ||
           (character >= "\u2066" && character <= "\u2069");
}

bool is_allowed(std::string_view character) {
    const auto first = static_cast<unsigned char>(character[0]);
    if (character.size() == 1)
        return (first >= 0x20 && first < 0x7F) || first == '\n' || first == '\t';
    if (!is_utf8(character)) return false;
    const bool c1_control = first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
    return !c1_control && !is_turn(character) && character != "\xEF\xBF\xBE" &&
           character != "\xEF\xBF\xBF";
}

}  // namespace

std::string printable(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const auto length =
            std::min(length_by_first_byte(static_cast<unsigned char>(text[0])), text.size());
        const auto character = text.substr(0, length);
        const bool allowed = is_allowed(character);
        result += allowed ? character : replacement;
        // After bytes that are no character, the next one may begin with the next byte.
        const bool broken = !allowed && length > 1 && !is_utf8(character);
        text.remove_prefix(broken ? 1 : length);
    }
    return result;
}

}  // namespace exportgate
