// Text that torch or a case wrote, made safe for a terminal and for XML.
#pragma once

#include <string>
#include <string_view>

namespace exportgate {

/// Control characters but newline and tab, bytes that are not UTF-8, and U+FFFE, U+FFFF become
/// U+FFFD: what is left is legal in XML 1.0 and moves no cursor.
std::string printable(std::string_view text);

}  // namespace exportgate
