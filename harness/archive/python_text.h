// Values as Python's repr() writes them, which is how a print of a program has them.
#pragma once

#include <string>
#include <string_view>

namespace exportgate::archive {

/// -1.0, 1e-05, 1e+16, inf, nan
std::string python_float(double value);

/// With single quotes, unless only these stand in it; what would end a line is escaped.
std::string python_string(std::string_view text);

/// A name of a parameter as the signature of a print has it: with single quotes, also where these
/// stand in it.
std::string target_string(std::string_view name);

/// A name that can stand in a print: no keyword of the print's own structure, no dots.
bool is_identifier(std::string_view name);

/// An identifier, and words behind dots, which may be any: "torch.ops.aten.where.self".
bool is_dotted_name(std::string_view name);

}  // namespace exportgate::archive
