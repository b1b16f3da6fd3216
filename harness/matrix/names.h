// Which names can be part of a cell's name or of a program, decided once.
#pragma once

#include <string>
#include <string_view>

namespace exportgate::matrix {

/// True for a name that can be a part of "case/kind/mode/dims/pair", of a glob on it, and of a file
/// name everywhere: letters, digits,
/// '_', '-', '.', '+', starting with a letter, a digit or '_'.
bool usable_in_cell_name(std::string_view name);

/// True for what can be the value of a parameter in "case[name=value]/...": the same letters, in
/// any order.
bool usable_as_parameter(std::string_view value);

/// True for an ASCII identifier of Python: torch's Dim takes nothing else, and classes are looked
/// up by it.
bool is_identifier(std::string_view name);

/// The remedy for a name that usable_in_cell_name refuses.
inline constexpr std::string_view cell_name_rule =
    "use letters, digits, '_', '-', '.' and '+', and start with a letter or a digit";

}  // namespace exportgate::matrix
