// Schemas of the operators of a program, among the facts that were observed of it.
#pragma once

#include <map>
#include <string>

#include "record/observation.h"

namespace exportgate::record {

/// By the name of the operator in the print, without "torch.ops.". Empty where they were not
/// observed.
std::map<std::string, std::string, std::less<>> observed_schemas(const Exported& exported);

}  // namespace exportgate::record
