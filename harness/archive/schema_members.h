// The members that torch's schema of saved programs has. A newer torch may add some, and what they
// say may make a difference.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace exportgate::archive {

/// "nodes.stream" -> its values, in the order of the document.
using UnknownMembers = std::map<std::string, std::vector<nlohmann::json>>;

/// Those that no release from 2.6 to 2.15 has at that place.
UnknownMembers unknown_members(const nlohmann::json& document);

/// The same for a list of parameters, buffers or constants, which names their entries.
UnknownMembers unknown_members_of_list(const nlohmann::json& list);

}  // namespace exportgate::archive
