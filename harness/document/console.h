// Documents on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "document/document.h"

namespace exportgate::document {

/// Between the columns of a table.
inline constexpr std::size_t column_gap = 2;

struct Terminal {
    bool colour = false;  // without it, a report says everything all the same
    std::size_t width = 100;
    bool cuts = true;  // code that is too wide or too long; false: a file or a pipe gets all of it
};

/// At most `width` columns, "..." where something was cut off; but a line of a diff that was added
/// or removed is whole, since the difference may be anywhere in it.
std::string clipped(std::string_view line, std::size_t width);

/// Characters, not bytes.
std::size_t columns_of(std::string_view text);

/// Blocks below each other; what a fold holds is indented below its summary, and code once more.
/// Control characters never reach the terminal.
std::string console(const Document& document, const Terminal& terminal);

}  // namespace exportgate::document
