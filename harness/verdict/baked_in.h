// The part of an exported outcome's text that says which constants hold the values of an input.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exportgate::verdict {

/// The input leaves whose values a constant of the program holds ("dc.key_cache[0]"), sorted; from
/// the section "constants:" that ends an exported outcome's text.
std::vector<std::string> baked_in(std::string_view outcome_text);

}  // namespace exportgate::verdict
