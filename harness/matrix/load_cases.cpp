#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "base/text.h"
#include "matrix/case.h"

namespace exportgate::matrix {
namespace {

namespace fs = std::filesystem;

/// The folders of `directory` in name order, without hidden ones and Python's caches.
Result<std::vector<fs::path>> folders_of(const fs::path& directory) {
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
        return tl::unexpected(Error{directory.string(), 0,
                                    "the folder of cases cannot be read: " + code.message(),
                                    "name one with --cases DIR"});
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

/// By the later one: two folders that are one by symbolic links, or whose names differ only by
/// letter case (one file on some systems, and one cell to a hasty reader).
std::map<std::string, Errors> duplicates(const std::vector<fs::path>& folders) {
    std::map<std::string, Errors> errors;
    std::map<std::string, fs::path> by_target;
    std::map<std::string, fs::path> by_name;
    for (const fs::path& folder : folders) {
        std::error_code ignored;
        const fs::path target = fs::weakly_canonical(folder, ignored);
        const auto [same, first] = by_target.emplace(target.string(), folder);
        const auto [alike, alone] = by_name.emplace(lower_case(folder.filename().string()), folder);
        if (!first) {
            errors[folder.filename().string()].push_back(
                {(folder / "case.toml").string(), 1,
                 fmt::format("duplicate case: the folder is the same as {}", same->second.string()),
                 "remove the symbolic link"});
        } else if (!alone) {
            errors[folder.filename().string()].push_back(
                {(folder / "case.toml").string(), 1,
                 fmt::format("duplicate case: the name differs from \"{}\" only by letter case",
                             alike->second.filename().string()),
                 "rename one of the folders"});
        }
    }
    return errors;
}

}  // namespace

Result<LoadedCases> load_each_case(const fs::path& directory) {
    const auto folders = folders_of(directory);
    if (!folders) return tl::unexpected(folders.error());
    LoadedCases loaded;
    std::vector<fs::path> with_case;
    for (const fs::path& folder : *folders) {
        const std::string name = folder.filename().string();
        std::error_code ignored;
        if (!fs::exists(folder / "case.toml", ignored)) {
            if (!fs::exists(folder / "case.py", ignored)) continue;
            loaded.broken[name].push_back({(folder / "case.toml").string(), 0,
                                           "is missing, but there is a case.py beside it",
                                           "declare the case in case.toml, or remove the folder"});
            continue;
        }
        with_case.push_back(folder);
        auto of_folder = load_folder(folder / "case.toml");
        if (of_folder) {
            loaded.cases.insert(loaded.cases.end(), std::make_move_iterator(of_folder->begin()),
                                std::make_move_iterator(of_folder->end()));
        } else {
            loaded.broken[name] = std::move(of_folder.error());
        }
    }
    for (const auto& [name, errors] : duplicates(with_case)) {
        Errors& all = loaded.broken[name];
        all.insert(all.end(), errors.begin(), errors.end());
        std::erase_if(loaded.cases, [&same = name](const Case& one) { return one.name == same; });
    }
    if (loaded.cases.empty() && loaded.broken.empty()) {
        return tl::unexpected(Error{directory.string(), 0,
                                    "has no case: no folder in it holds a case.toml",
                                    "name another one with --cases DIR"});
    }
    return loaded;
}

Results<std::vector<Case>> load_cases(const fs::path& directory) {
    Result<LoadedCases> loaded = load_each_case(directory);
    if (!loaded) return tl::unexpected(Errors{loaded.error()});
    if (loaded->broken.empty()) return std::move(loaded->cases);
    Errors errors;
    for (const auto& [name, of_case] : loaded->broken)
        errors.insert(errors.end(), of_case.begin(), of_case.end());
    return tl::unexpected(std::move(errors));
}

}  // namespace exportgate::matrix
