#include "golden_origin.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "base/text.h"

namespace exportgate::cli {

namespace {

/// In single quotes for the shell.
std::string quoted(const std::string& text) {
    std::string inside;
    for (const char c : text)
        inside += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return "'" + inside + "'";
}

/// What git prints about a folder; nullopt: there is no git, or it knows nothing of the folder.
std::optional<std::string> git(const std::filesystem::path& folder, const std::string& arguments) {
    const std::string command =
        "git -C " + quoted(folder.string()) + " " + arguments + " </dev/null 2>/dev/null";
    std::FILE* output = popen(command.c_str(), "r");
    if (output == nullptr) return std::nullopt;
    std::string text;
    std::array<char, 4096> part{};
    while (const std::size_t size = std::fread(part.data(), 1, part.size(), output))
        text.append(part.data(), size);
    if (pclose(output) != 0) return std::nullopt;
    while (text.ends_with('\n'))
        text.pop_back();
    return text;
}

}  // namespace

std::string golden_origin(const Folders& folders) {
    std::string sentence = "Judged against the goldens in " + folders.golden.string();
    const auto commit = git(folders.golden, "log -1 --format='%h of %cs' -- .");
    if (commit && !commit->empty()) {
        sentence += ", last changed in commit " + *commit;
        const auto changes = git(folders.golden, "status --porcelain -- .");
        if (!changes || !changes->empty()) sentence += " and with changes that are not committed";
    }
    if (!folders.project.file.empty())
        sentence +=
            ", of the project " +
            std::filesystem::absolute(folders.project.file).parent_path().filename().string();
    return sentence +
           ". PASSED says that each release does what its goldens say, which a person accepted. "
           "What a release made worse than the one before is said by the upgrades.";
}

}  // namespace exportgate::cli
