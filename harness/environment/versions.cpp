#include "environment/versions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/requirement.h"
#include "base/text.h"
#include "environment/build.h"

namespace exportgate::environment {

namespace {

bool is_of_a_name(unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
}

/// The name at the beginning of a requirement, as pip compares it (PEP 503).
std::string name_of(std::string_view requirement) {
    const auto end = std::find_if_not(requirement.begin(), requirement.end(), is_of_a_name);
    return normalised_name({requirement.begin(), end});
}

/// Numbers that are zero at its end say nothing: PEP 440.
std::string_view without_zeros(std::string_view version) {
    while (version.ends_with(".0"))
        version.remove_suffix(2);
    return version;
}

}  // namespace

bool is_package_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), is_of_a_name) &&
           std::isalnum(static_cast<unsigned char>(name.front())) != 0 &&
           std::isalnum(static_cast<unsigned char>(name.back())) != 0;
}

bool is_same_package(std::string_view a, std::string_view b) {
    return name_of(a) == name_of(b);
}

std::optional<std::string> same_version(const std::vector<std::string>& known,
                                        const std::string& version) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const std::string& one) {
        return without_zeros(one) == without_zeros(version);
    });
    if (found == known.end()) return std::nullopt;
    return *found;
}

std::vector<std::string> versions_in(std::string_view output) {
    constexpr std::string_view before = "Available versions: ";
    std::vector<std::string> versions;
    for (const std::string_view line : split(output, '\n')) {
        if (!line.starts_with(before)) continue;
        for (std::string_view version : split(line.substr(before.size()), ',')) {
            while (version.starts_with(' '))
                version.remove_prefix(1);
            while (version.ends_with(' ') || version.ends_with('\r'))
                version.remove_suffix(1);
            if (!version.empty()) versions.emplace_back(version);
        }
    }
    std::reverse(versions.begin(), versions.end());
    return versions;
}

std::vector<std::string> with_version(const std::vector<std::string>& requirements,
                                      const std::string& package, const std::string& version) {
    std::vector<std::string> all;
    for (const std::string& requirement : requirements) {
        if (name_of(requirement) != name_of(package)) all.push_back(requirement);
    }
    all.push_back(package + "==" + version);
    return all;
}

Result<std::vector<std::string>> versions_of(const std::filesystem::path& log,
                                             const std::filesystem::path& python,
                                             const std::string& package, const Watch& watch) {
    Result<Commands> commands = Commands::with_log(log, watch);
    if (!commands) return tl::unexpected(commands.error());
    const Result<Finished> asked =
        commands->run("asking pip for the versions of " + package,
                      {python.string(), "-B", "-m", "pip", "index", "versions",
                       "--disable-pip-version-check", "--no-input", package});
    if (!asked) return tl::unexpected(asked.error());
    if (asked->ending == Ending::interrupted)
        return tl::unexpected(Error{"", 0, interrupted_text, ""});
    std::vector<std::string> versions = versions_in(asked->output);
    if (asked->ending == Ending::good && !versions.empty()) return versions;
    return tl::unexpected(failure(*commands, *asked,
                                  fmt::format("pip knows no version of {}", package),
                                  "see that the name is right, and that pip reaches its index"));
}

}  // namespace exportgate::environment
