// Patterns on the names of cells: globs, in which "[arch=llama]" is no set of characters but says
// what a parameter has to be.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "matrix/parameters.h"

namespace exportgate::matrix {

struct NamePattern {
    std::string glob;  // without the brackets
    /// What stood in brackets: names of parameters, each with a glob on its value.
    SpeltParameters conditions;
    bool has_brackets = false;

    /// With the conditions in brackets behind the first part of the glob.
    std::string text() const;
};

/// The first brackets that hold "name=" or a star alone are conditions. All others are sets of
/// characters, as in any glob.
NamePattern parse_pattern(const std::string& pattern);

/// Whether each condition holds: the parameter is there, with such a value.
bool holds(const SpeltParameters& conditions, const SpeltParameters& parameters);

/// Whether `pattern` matches the name of a cell, or of a case. Parameters that it does not mention
/// can have any value: "hf_decode/*" and "hf_decode[layers=1]/*" match
/// "hf_decode[arch=llama,layers=1]/as_is/...".
bool name_matches(const std::string& pattern, std::string_view name);

}  // namespace exportgate::matrix
