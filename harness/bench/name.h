// The name of a benchmark, which is all that says what was timed:
//
//   kv_cache/flatten/plain/pytree/layers:32   CASE/OPERATION/KIND/IMPLEMENTATION/layers:N
//   dynamic_cache/call/module/program/leaves:2   a cache as its case declares it: its leaves
//   kv_cache/floor/layers:32                  the least that any flatten can cost
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace exportgate::bench {

struct Name {
    std::string text;            // the whole
    std::string case_name;       // "kv_cache"
    std::string operation;       // "flatten"; "floor"
    std::string kind;            // "plain"; empty for the floor
    std::string implementation;  // "pytree"; empty for the floor
    int size = 0;                // number of layers, or of leaves
    bool by_layers = true;

    bool is_floor() const {
        return operation == "floor";
    }
    bool operator==(const Name&) const = default;
};

/// Error: not of one of these forms, with an operation, kind or implementation that is not known,
/// or one that this operation has not.
Result<Name> parse_name(std::string_view text);

/// "kv_cache/floor/layers:32", what `name` is compared with.
std::string floor_name(const Name& name);

/// The operations in the order in which people look at them, floor excluded.
const std::vector<std::string>& operation_names();

/// What an operation can be timed in; empty where there is no such operation.
const std::vector<std::string>& implementation_names(std::string_view operation);

}  // namespace exportgate::bench
