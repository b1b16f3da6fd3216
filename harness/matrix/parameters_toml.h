// [parameters] and [[excluded]] of a case.toml: one file that declares several cases.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "matrix/case.h"
#include "matrix/toml_input.h"

namespace exportgate::matrix {

/// One value, and what holds for the cases that have it.
struct DeclaredValue {
    ParameterValue value;
    std::string summary;                      // in place of the case's; empty: the case's
    std::vector<Requirement> requirements;    // besides those of the case
    std::optional<TorchVersion> first_torch;  // the later one counts, of the case's and all values
};

struct DeclaredParameter {
    std::string name;
    std::vector<DeclaredValue> values;
};

/// arch = ["llama", { value = "gemma4", first_torch = "2.11.0" }], in the order of the file.
std::vector<DeclaredParameter> read_parameters(const Entry& entry, Mistakes& mistakes);

/// `one` for each combination of values; the last parameter changes fastest. Without those that
/// `excluded` (null: none) names. `one` itself where no parameter is declared.
std::vector<Case> cases_with(const Case& one, const std::vector<DeclaredParameter>& parameters,
                             const Entry* excluded, Mistakes& mistakes);

/// A mistake where `pattern` asks for a parameter or a value that is not declared. `what` says
/// whose pattern it is.
void check_conditions(const std::string& pattern, int line, const std::string& what,
                      const std::vector<DeclaredParameter>& parameters, Mistakes& mistakes);

}  // namespace exportgate::matrix
