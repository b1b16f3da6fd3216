// The checks that a worker carries out of every exported program, by name.
#pragma once

#include <array>
#include <string_view>

namespace exportgate::record {

/// In the order in which they are reported, announced ("check:run") and shown. The ninth check,
/// "dims", is computed from the print and stands before them: outcome::check_names().
inline constexpr std::array<std::string_view, 8> reported_checks{
    "constants", "run", "bounds", "pytree", "save_load", "decompose", "retrace", "registry"};

}  // namespace exportgate::record
