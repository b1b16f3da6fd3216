#include "environment/layout.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

namespace exportgate::environment {

namespace fs = std::filesystem;

Layout layout(const fs::path& root, const std::string& name) {
    const fs::path folder = root / name;
    Layout places;
    places.folder = folder;
    places.description = folder / "environment.json";
    places.venv = folder / "venv";
    places.venv_python = folder / "venv" / "bin" / "python";
    places.worker_folder = folder / "worker";
    places.worker = folder / "worker" / "exportgate-worker";
    places.log = root / (name + ".log");
    places.lock = root / ("." + name + ".lock");
    return places;
}

Result<void> check_name(const std::string& name) {
    const auto fits = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-' || c == '+';
    };
    if (!name.empty() && name.size() <= 64 && name.front() != '.' && name.front() != '-' &&
        std::all_of(name.begin(), name.end(), fits)) {
        return {};
    }
    return tl::unexpected(Error{
        "", 0, fmt::format("\"{}\" cannot be the name of an environment", name),
        "use letters, digits, '.', '_', '-' and '+', for example 2.10.0 or nightly; an interpreter "
        "goes after --python"});
}

std::vector<std::string> names(const fs::path& root) {
    std::vector<std::string> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(root, ignored)) {
        const std::string name = entry.path().filename().string();
        if (entry.is_directory(ignored) && check_name(name)) found.push_back(name);
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::uintmax_t size_on_disk(const fs::path& folder) {
    std::uintmax_t bytes = 0;
    std::error_code ignored;
    for (fs::recursive_directory_iterator entry(folder, ignored), end; entry != end;
         entry.increment(ignored)) {
        struct stat status {};
        if (::lstat(entry->path().c_str(), &status) == 0)
            bytes += static_cast<std::uintmax_t>(status.st_blocks) * 512;
    }
    return bytes;
}

}  // namespace exportgate::environment
