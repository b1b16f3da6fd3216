// Reads the parts of a leaf of a case.toml: expressions of dims, values, layout, a value of Python.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "matrix/case.h"
#include "matrix/toml_input.h"

namespace exportgate::matrix {

enum class Leaves { inputs, outputs };

/// False, and a mistake with the nearest name, where no such dim is declared.
bool require_dim(const std::string& name, int line, const std::vector<Dim>& dims,
                 Mistakes& mistakes);

/// `text`, a polynomial of declared dims, in the spelling of Polynomial::text(); as it is, and a
/// mistake, where it is none.
std::string read_expression(const std::string& text, int line, const std::vector<Dim>& dims,
                            Mistakes& mistakes);

/// "ones", "zeros" or [lowest, highest]. After dtype.
void read_values(const Entry& entry, const std::vector<Dim>& dims, Leaf& leaf, Mistakes& mistakes);

/// "strided", { transposed = [1, 2] }. After the shape.
void read_layout(const Entry& entry, Leaf& leaf, Mistakes& mistakes);

/// True for the keys with which read_constant() begins: "value", "string"; of outputs "type" too.
bool says_a_constant(std::string_view key, Leaves which);

/// { value = 3 }, { value = "length - 1", dynamic = true }, { string = "causal" }; of outputs also
/// { type = "int" }. `entry` is the key that says_a_constant.
void read_constant(const Entry& entry, const toml::table& table, const std::vector<Dim>& dims,
                   Leaves which, Leaf& leaf, Mistakes& mistakes);

}  // namespace exportgate::matrix
