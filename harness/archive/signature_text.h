// The signature and the ranges in a saved program, as a print has them.
#pragma once

#include <string>
#include <vector>

#include "archive/json_place.h"

namespace exportgate::archive {

/// Of each input, what the graph calls it; empty where the signature has no name for a constant.
std::vector<std::string> input_names(const Place& signature);

/// "Graph signature:" and all that follows it in a print.
std::string signature_text(const Place& signature, const Place& ranges);

}  // namespace exportgate::archive
