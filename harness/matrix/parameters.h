// The values that tell the cases of one folder apart: "[arch=llama,layers=1]".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace exportgate::matrix {

using ParameterValue = std::variant<std::string, bool, std::int64_t, double>;

struct Parameter {
    std::string name;  // an identifier of Python
    ParameterValue value;

    bool operator==(const Parameter&) const = default;
};

/// As it stands in the name of a cell: "llama", "true", "2", "0.5".
std::string to_string(const ParameterValue& value);

/// "[arch=llama,layers=1]"; empty where there are none.
std::string in_brackets(std::span<const Parameter> parameters);

/// The names and the spelt values, in their order: of the parameters that stand in a name.
using SpeltParameters = std::vector<std::pair<std::string, std::string>>;

/// The folder of a case, and what stands in the brackets behind it.
struct CaseName {
    std::string folder;
    SpeltParameters parameters;
};

/// Takes "hf_decode[arch=llama]" apart. A name without brackets has no parameters; one whose
/// brackets are no such list is all folder.
CaseName parse_case_name(std::string_view name);

/// "hf_decode" of "hf_decode[arch=llama]".
std::string folder_of(std::string_view case_name);

}  // namespace exportgate::matrix
