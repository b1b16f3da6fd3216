// The cells of the matrix, their names, and selecting among them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matrix/case.h"

namespace exportgate::matrix {

struct Cell {
    std::string case_name;  // with the values of its parameters: "hf_decode[arch=llama]"
    Kind kind{};
    Mode mode{};
    DimsStyle dims{};
    std::string pair;

    /// "case/kind/mode/dims/pair"
    std::string name() const;
    /// The folder of its case, without parameters.
    std::string folder() const;
    /// "kind/mode/dims/pair", or "[arch=llama]/kind/mode/dims/pair": the name in the golden files
    /// of the folder, and in waivers.
    std::string name_in_folder() const;

    bool operator==(const Cell&) const = default;
};

/// The name of a cell from its folder and its name there.
std::string cell_name(std::string_view folder, std::string_view in_folder);

/// The cells of the cases, in the order case, kind, mode, dims, pair as declared; of pairs only
/// those at which the case is exported.
std::vector<Cell> cells_of(std::span<const Case> cases);

/// Parses "case/kind/mode/dims/pair" without asking whether such a cell is declared.
Result<Cell> parse_cell(const std::string& name);

/// Whether a cell of the case `case_name` can match the glob, whatever the case declares.
bool may_name(const std::string& pattern, const std::string& case_name);

/// Cells that match any of the globs, in matrix order; all of them for no pattern. A pattern that
/// matches nothing is an error that suggests the nearest cell or part of a name.
Result<std::vector<Cell>> select(std::span<const Cell> cells,
                                 std::span<const std::string> patterns);

/// "2/3" is the second of three. Cells are dealt round robin, so every shard has its part of the
/// slow ones.
struct Shard {
    std::size_t index = 1;  // 1-based
    std::size_t count = 1;
};
Result<Shard> parse_shard(const std::string& text);
std::vector<Cell> cells_of_shard(std::span<const Cell> cells, const Shard& shard);

}  // namespace exportgate::matrix
