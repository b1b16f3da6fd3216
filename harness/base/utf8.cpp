#include <cstdint>

#include "base/files.h"

namespace exportgate {
namespace {

/// Number of continuation bytes that `lead` announces, or -1 where no well-formed sequence starts
/// with it.
int continuation_bytes(unsigned char lead) {
    if (lead < 0x80) return 0;
    if (lead >= 0xC2 && lead <= 0xDF) return 1;  // 0xC0 and 0xC1 could only start overlong forms
    if (lead >= 0xE0 && lead <= 0xEF) return 2;
    if (lead >= 0xF0 && lead <= 0xF4) return 3;  // above 0xF4: beyond U+10FFFF
    return -1;
}

/// The bounds of the byte after `lead`: narrower than 80..BF where that would be an overlong form,
/// a surrogate or beyond U+10FFFF (table 3-7 of the Unicode standard).
bool second_byte_fits(unsigned char lead, unsigned char second) {
    switch (lead) {
        case 0xE0:
            return second >= 0xA0 && second <= 0xBF;
        case 0xED:
            return second >= 0x80 && second <= 0x9F;
        case 0xF0:
            return second >= 0x90 && second <= 0xBF;
        case 0xF4:
            return second >= 0x80 && second <= 0x8F;
        default:
            return second >= 0x80 && second <= 0xBF;
    }
}

}  // namespace

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const int more = continuation_bytes(lead);
        if (more < 0 || text.size() - at <= static_cast<std::size_t>(more)) return false;
        for (int k = 1; k <= more; ++k) {
            const auto byte = static_cast<unsigned char>(text[at + static_cast<std::size_t>(k)]);
            const bool fits = k == 1 ? second_byte_fits(lead, byte) : (byte & 0xC0) == 0x80;
            if (!fits) return false;
        }
        at += static_cast<std::size_t>(more) + 1;
    }
    return true;
}

bool is_one_line(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7F) return false;
        // U+0080 to U+009F: control characters too
        if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0)
            return false;
    }
    return is_utf8(text);
}

}  // namespace exportgate
