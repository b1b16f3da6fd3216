// Whether what a script raised is what a record has: torch has one class for most of its refusals,
// so the class alone tells little.
#pragma once

#include <string_view>

namespace exportgate::repro {

/// `error`: as Python prints it, one line. `exception` and `message`: the class, and the first line
/// of the message that was recorded. What may differ between two processes does not count: numbers,
/// quotes, addresses, paths, the modules of names, symbols (s0, u1), and sources of inputs.
bool is_same_error(std::string_view error, std::string_view exception, std::string_view message);

}  // namespace exportgate::repro
