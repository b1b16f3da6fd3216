// Leaves of a declaration in JSON (harness/worker/PROTOCOL.md). What is the default is left out.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "matrix/case.h"
#include "record/json_input.h"

namespace exportgate::record {

/// The leaves under `key` of a declaration; what is wrong with them goes to `mistake`.
std::vector<matrix::Leaf> leaves_from(Object& object, const char* key,
                                      const std::vector<matrix::Dim>& dims, Mistake& mistake);

nlohmann::ordered_json leaves_json(const std::vector<matrix::Leaf>& leaves);

/// Is every one of `names` a dim of `dims`?
bool all_declared(const std::vector<std::string>& names, const std::vector<matrix::Dim>& dims);

}  // namespace exportgate::record
