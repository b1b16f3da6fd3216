// Which versions of a package there are for an interpreter, as pip knows them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "environment/command.h"

namespace exportgate::environment {

/// The versions that `pip index versions` finds for `python`, oldest first, without pre-releases.
/// The user's pip configuration is respected. What pip prints goes to `log`. Errors: pip knows no
/// such package, or does not reach its index; interrupted_text.
Result<std::vector<std::string>> versions_of(const std::filesystem::path& log,
                                             const std::filesystem::path& python,
                                             const std::string& package, const Watch& watch);

/// Of what `pip index versions` prints, which names the newest first. Empty where it names none.
std::vector<std::string> versions_in(std::string_view output);

/// Whether it can name a package (PEP 508): letters, digits, and ".", "_" and "-" between them.
bool is_package_name(std::string_view name);

/// Whether pip takes both names for one package: "My_Package" is "my-package" (PEP 503).
bool is_same_package(std::string_view a, std::string_view b);

/// The one of `known` that `version` names, as pip compares them: "4.57" is 4.57.0. nullopt: none.
std::optional<std::string> same_version(const std::vector<std::string>& known,
                                        const std::string& version);

/// `requirements`, of which those of `package` give way to `package`==`version`. Names are compared
/// as pip does: "My_Package" is "my-package".
std::vector<std::string> with_version(const std::vector<std::string>& requirements,
                                      const std::string& package, const std::string& version);

}  // namespace exportgate::environment
