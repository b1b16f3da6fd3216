#include "environment/sources.h"

#include <algorithm>
#include <vector>

#include "base/files.h"
#include "base/text.h"

namespace exportgate::environment {

namespace fs = std::filesystem;

Result<fs::path> worker_sources(const fs::path& executable, const fs::path& checkout) {
    const fs::path installed =
        executable.parent_path().parent_path() / "share" / "exportgate" / "worker";
    for (const fs::path& folder : {installed, checkout}) {
        if (fs::exists(folder / "CMakeLists.txt")) return folder;
    }
    return tl::unexpected(Error{installed.string(), 0, "the sources of the worker are not there",
                                "install exportgate again (cmake --install)"});
}

Result<std::string> sources_digest(const fs::path& sources) {
    std::vector<fs::path> files;
    std::error_code failure;
    for (fs::recursive_directory_iterator entry(sources, failure), end; entry != end;
         entry.increment(failure)) {
        const std::string name = entry->path().filename().string();
        if (name == "__pycache__") {
            entry.disable_recursion_pending();
        } else if (entry->is_regular_file(failure) && !name.ends_with(".md")) {
            files.push_back(entry->path());
        }
    }
    std::sort(files.begin(), files.end());
    std::string all;
    for (const fs::path& file : files) {
        const Result<std::string> content = read_file(file);
        if (!content) return tl::unexpected(content.error());
        all += file.lexically_relative(sources).string() + " " + digest(*content) + "\n";
    }
    return digest(all);
}

}  // namespace exportgate::environment
