// Small pieces of text that several reports write.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace exportgate::report {

/// "1 cell", "4 cells".
std::string counted(std::size_t count, std::string_view thing);

/// ASCII letters only.
std::string upper_case(std::string_view text);

/// At most `width` columns, "..." where something was cut off; but a line of a diff that was added
/// or removed is whole, since the difference may be anywhere in it.
std::string clipped(std::string_view line, std::size_t width);

}  // namespace exportgate::report
