// Facts of an exported program that its print does not say, as the worker reports them
// (PROTOCOL.md, Facts). What a release or a program does not allow to observe is absent, which is
// not empty.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "record/observation.h"

namespace exportgate::record {

/// Of a placeholder. A tensor has a dtype, everything else a type.
struct InputFact {
    std::string name;  // as the print spells it
    std::string dtype;
    std::vector<std::string> shape;  // "6", "s37", "6*s37", with the print's symbols
    std::optional<std::vector<std::string>> strides;
    bool requires_grad = false;
    std::string device;
    std::string type;   // "int", "SymInt", "str"
    std::string value;  // Python's repr; empty for an object

    bool is_tensor() const {
        return type.empty();
    }
};

/// A parameter, a buffer, a constant or another object that the program carries.
struct CarriedFact {
    std::string name;
    std::string kind;
    std::string dtype;
    std::vector<std::int64_t> shape;
    std::optional<std::vector<std::int64_t>> strides;
    bool requires_grad = false;
    std::string sha256;        // empty where not digested
    std::string not_digested;  // why not
    std::string type;          // of an object that is no tensor
};

/// A call whose signature was asked to be kept (preserve_module_call_signature).
struct ModuleFact {
    std::string fqn;
    std::vector<std::string> inputs;
    std::vector<std::string> outputs;
    SpecNode in_spec;
    SpecNode out_spec;
};

struct Facts {
    int revision = 0;
    std::string dialect;
    std::optional<std::vector<std::string>> guards;  // in torch's words, from 2.9 on
    std::optional<std::vector<InputFact>> inputs;
    std::optional<std::vector<CarriedFact>> carried;
    std::optional<std::vector<ModuleFact>> modules;
    std::vector<std::string> argument_names;
    std::map<std::string, std::string> schemas;  // observed_schemas() reads them
};

inline constexpr int facts_revision = 1;

/// `json` is Exported::facts, not empty. Error: a member of another kind than PROTOCOL.md says, or
/// one that nobody knows, unless the revision is another one than facts_revision: then only the
/// revision is read, and `file` is what messages name.
Result<Facts> parse_facts(const std::string& json, const std::string& file);

}  // namespace exportgate::record
