#include "run/digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/files.h"
#include "base/text.h"

namespace exportgate::run {

namespace {

namespace fs = std::filesystem;

bool is_made_by_python(const fs::path& path) {
    return path.filename() == "__pycache__";
}

/// Regular files below `folder`, sorted by path.
std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code ignored;
    for (fs::recursive_directory_iterator entry(folder, ignored), end; entry != end;
         entry.increment(ignored)) {
        if (entry->is_directory(ignored) && is_made_by_python(entry->path())) {
            entry.disable_recursion_pending();
        } else if (entry->is_regular_file(ignored)) {
            files.push_back(entry->path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string stamp(const fs::path& file) {
    std::error_code ignored;
    return fmt::format("{} {} {}\n", file.filename().string(), fs::file_size(file, ignored),
                       fs::last_write_time(file, ignored).time_since_epoch().count());
}

}  // namespace

Result<std::string> inputs_digest(std::span<const matrix::Case> cases, const fs::path& worker) {
    std::string all;
    for (const matrix::Case& case_ : cases) {
        for (const fs::path& file : files_below(case_.directory)) {
            Result<std::string> content = read_file(file);
            if (!content) return tl::unexpected(content.error());
            all += fmt::format("{}/{} {}\n", case_.name,
                               fs::relative(file, case_.directory).string(), digest(*content));
        }
    }
    all += stamp(worker);
    for (const fs::path& part :
         {worker.parent_path() / "exportgate_worker", worker.parent_path() / "native"}) {
        for (const fs::path& file : files_below(part))
            all += stamp(file);
    }
    return digest(all);
}

}  // namespace exportgate::run
