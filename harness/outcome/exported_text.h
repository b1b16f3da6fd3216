// The part of an exported outcome that the print of the program lacks.
#pragma once

#include <string>

#include "graph/graph.h"
#include "record/observation.h"

namespace exportgate::outcome {

/// in_spec and out_spec as indented trees with their contexts, and the constants by the input of
/// the program that they are: names of constants differ between releases, their places do not.
std::string specs_and_constants(const record::Exported& exported, const graph::Canonical& program);

}  // namespace exportgate::outcome
