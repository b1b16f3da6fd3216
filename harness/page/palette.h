// The colours of the figures, each for a light and for a dark page. No two series differ by colour
// alone: each has a symbol of its own, too, and its name at its end.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace exportgate::page::colours {

struct Colour {
    std::string_view light;
    std::string_view dark;
};

// At least 4.5:1 against white and against #0d1117 where text is set in them.
inline constexpr Colour ink{"#1f2328", "#e6edf3"};
inline constexpr Colour quiet{"#59636e", "#9aa4b0"};
inline constexpr Colour axis{"#8c959f", "#6e7681"};
inline constexpr Colour grid{"#e3e7eb", "#2a313a"};
inline constexpr Colour better{"#116329", "#56d364"};
inline constexpr Colour worse{"#b3261e", "#ff8a80"};
inline constexpr Colour unsure{"#8a5a00", "#e3b341"};

inline constexpr std::array<Colour, 6> all_series{{{"#0a5cc2", "#6cb2ff"},
                                                   {"#b04a00", "#ffa35c"},
                                                   {"#14743a", "#5fd38a"},
                                                   {"#7a35c9", "#c9a0ff"},
                                                   {"#a8326e", "#ff8cc0"},
                                                   {"#0f6f78", "#58cbd6"}}};

constexpr const Colour& series(std::size_t style) {
    return all_series[style % all_series.size()];
}

/// gnuplot's number: disc, square, triangle, diamond, turned triangle, pentagon.
constexpr int symbol(std::size_t style) {
    constexpr std::array<int, 6> symbols{7, 5, 9, 13, 11, 15};
    return symbols[style % symbols.size()];
}

inline constexpr std::array named{ink, quiet, axis, grid, better, worse, unsure};

}  // namespace exportgate::page::colours
