// Small pieces of text that several reports write.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "matrix/cell.h"

namespace exportgate::report {

/// "1 cell", "4 cells".
std::string counted(std::size_t count, std::string_view thing);

/// "checks run and retrace fail -> pass, check bounds n/a -> pass", of "fail -> pass" with the
/// names of the checks, and so on.
std::string turned_words(
    const std::vector<std::pair<std::string, std::vector<std::string>>>& turns);

/// ASCII letters only.
std::string upper_case(std::string_view text);

/// The name of a cell as a person copies it into a shell: in quotes where it has brackets.
std::string in_command(const matrix::Cell& cell);

/// The command that asks torch itself what would have to change for a cell that it rejected. Empty
/// where it cannot be asked: `stage` is not the export, or the class is native.
std::string draft_command(const matrix::Cell& cell, std::string_view stage);

}  // namespace exportgate::report
