// A leaf of a model's inputs or of its output: a tensor with a symbolic shape, or a value of
// Python.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace exportgate::matrix {

/// One extent of a leaf: a number, the name of a dim, or a polynomial of dims in the spelling of
/// Polynomial::text(): "past + 1", "2*length", "past + new".
using Extent = std::variant<std::int64_t, std::string>;

/// An end of a range of values: a number, or a polynomial of dims ("length - 1").
using Bound = std::variant<double, std::string>;

/// What a leaf is filled with: anything that its dtype holds, ones, zeros, or anything from the
/// first to the second bound, both included.
enum class Fill { anything, ones, zeros };
using ValueRange = std::array<Bound, 2>;
using Values = std::variant<Fill, ValueRange>;

/// A string of Python, as it is.
struct Text {
    std::string text;
    bool operator==(const Text&) const = default;
};

/// The extent of a dim, or a polynomial of dims, as a number of Python.
struct ExtentValue {
    std::string expression;
    bool operator==(const ExtentValue&) const = default;
};

/// Of outputs only: any number of this type of Python ("int", "float", "bool").
struct AnyOf {
    std::string type;
    bool operator==(const AnyOf&) const = default;
};

/// What a leaf is that is no tensor.
using Constant = std::variant<std::nullptr_t, bool, std::int64_t, double, Text, ExtentValue, AnyOf>;

/// How a tensor lies in memory. `transposed` swaps two dims, `expanded` repeats one element along
/// each of `dims`, `strided` takes every second element of the last dim of a longer tensor.
enum class LayoutKind {
    contiguous,
    transposed,
    strided,
    expanded,
    channels_last,
    channels_last_3d
};
struct Layout {
    LayoutKind kind = LayoutKind::contiguous;
    std::vector<std::int64_t> dims;  // of `transposed` two, of `expanded` one or more; else none

    bool operator==(const Layout&) const = default;
};

/// All spellings in declaration order.
const std::vector<std::string>& layout_names();

/// Nothing where `layout` suits a tensor of `rank` dims; else why it does not.
std::optional<std::string> layout_mistake(const Layout& layout, std::size_t rank);

struct Leaf {
    std::string name;  // as a person writes it: "x", "dc.key_cache[0]"
    std::vector<Extent> shape;
    std::string dtype = "float32";          // torch's name without "torch."
    std::optional<Constant> constant = {};  // then it has neither shape nor dtype nor values
    Values values = Fill::anything;
    bool is_dynamic = false;  // of a number: asked to be dynamic where dims are
    Layout layout = {};
    std::string same_as = {};  // an earlier leaf, which is the same tensor

    bool operator==(const Leaf&) const = default;
};

/// "None", "3", "True", "length", "'causal'": as case.toml and Python spell it.
std::string to_string(const Constant& constant);

}  // namespace exportgate::matrix
