#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "matrix/case.h"

namespace exportgate::matrix {
namespace {

namespace fs = std::filesystem;

std::string lower_case(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

/// The folders of `directory` in name order, without hidden ones and Python's caches.
Results<std::vector<fs::path>> folders_of(const fs::path& directory) {
    std::error_code code;
    std::vector<fs::path> folders;
    fs::directory_iterator at(directory, code);
    for (; !code && at != fs::directory_iterator(); at.increment(code)) {
        const std::string name = at->path().filename().string();
        std::error_code ignored;
        if (name.starts_with('.') || name.starts_with("__") ||
            !fs::is_directory(at->path(), ignored))
            continue;
        folders.push_back(at->path());
    }
    if (code) {
        return tl::unexpected(
            Errors{{directory.string(), 0, "the folder of cases cannot be read: " + code.message(),
                    "name one with --cases DIR"}});
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

/// Two folders that are one by symbolic links, or whose names differ only by letter case (one file
/// on some systems, and one cell to a hasty reader).
Errors duplicates(const std::vector<fs::path>& folders) {
    Errors errors;
    std::map<std::string, fs::path> by_target;
    std::map<std::string, fs::path> by_name;
    for (const fs::path& folder : folders) {
        std::error_code ignored;
        const fs::path target = fs::weakly_canonical(folder, ignored);
        const auto [same, first] = by_target.emplace(target.string(), folder);
        const auto [alike, alone] = by_name.emplace(lower_case(folder.filename().string()), folder);
        if (!first) {
            errors.push_back(
                {(folder / "case.toml").string(), 1,
                 fmt::format("duplicate case: the folder is the same as {}", same->second.string()),
                 "remove the symbolic link"});
        } else if (!alone) {
            errors.push_back(
                {(folder / "case.toml").string(), 1,
                 fmt::format("duplicate case: the name differs from \"{}\" only by letter case",
                             alike->second.filename().string()),
                 "rename one of the folders"});
        }
    }
    return errors;
}

}  // namespace

Results<std::vector<Case>> load_cases(const fs::path& directory) {
    const auto folders = folders_of(directory);
    if (!folders) return tl::unexpected(folders.error());
    std::vector<Case> cases;
    std::vector<fs::path> with_case;
    Errors errors;
    for (const fs::path& folder : *folders) {
        std::error_code ignored;
        if (!fs::exists(folder / "case.toml", ignored)) {
            if (!fs::exists(folder / "case.py", ignored)) continue;
            errors.push_back({(folder / "case.toml").string(), 0,
                              "is missing, but there is a case.py beside it",
                              "declare the case in case.toml, or remove the folder"});
            continue;
        }
        with_case.push_back(folder);
        auto one = load_case(folder / "case.toml");
        if (one) {
            cases.push_back(*std::move(one));
        } else {
            errors.insert(errors.end(), one.error().begin(), one.error().end());
        }
    }
    const Errors same = duplicates(with_case);
    errors.insert(errors.end(), same.begin(), same.end());
    if (errors.empty() && cases.empty()) {
        errors.push_back({directory.string(), 0, "has no case: no folder in it holds a case.toml",
                          "name another one with --cases DIR"});
    }
    if (!errors.empty()) return tl::unexpected(std::move(errors));
    return cases;
}

}  // namespace exportgate::matrix
