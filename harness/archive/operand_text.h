// Arguments of calls in a saved program, as a print has them.
#pragma once

#include <functional>
#include <string>

#include "archive/json_place.h"

namespace exportgate::archive {

/// "2*s5 + 1" of a size: a number, or an expression.
std::string size_of_document(const Place& size);

/// Of `Argument` in torch's schema. `graph` gives the name under which a nested graph stands.
std::string operand_text(const Place& argument,
                         const std::function<std::string(const Place&)>& graph);

/// The name of a value; a mistake where it is none.
std::string value_name(const Place& name);

}  // namespace exportgate::archive
