#include "outputs.h"

#include <fmt/format.h>

namespace exportgate::cli {

namespace {

namespace fs = std::filesystem;

bool has_nothing_to_lose(const fs::path& path) {
    std::error_code ignored;
    const fs::file_status status = fs::status(path, ignored);
    return path.empty() || fs::is_other(status);
}

bool is_one_file(const fs::path& a, const fs::path& b) {
    std::error_code ignored;
    if (fs::equivalent(a, b, ignored)) return true;
    // Where there is no file yet; links in its folder are followed.
    const fs::path path_of_a = fs::weakly_canonical(fs::absolute(a, ignored), ignored);
    return !path_of_a.empty() &&
           path_of_a == fs::weakly_canonical(fs::absolute(b, ignored), ignored);
}

}  // namespace

std::optional<Error> overwritten(std::span<const Output> outputs,
                                 std::span<const fs::path> inputs) {
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const auto& [option, path] = outputs[i];
        if (has_nothing_to_lose(path)) continue;
        for (const fs::path& input : inputs) {
            if (!is_one_file(path, input)) continue;
            return Error{path.string(), 0,
                         fmt::format("is read, and {} would overwrite it", option),
                         "name another file"};
        }
        for (std::size_t j = 0; j < i; ++j) {
            if (outputs[j].path.empty() || !is_one_file(path, outputs[j].path)) continue;
            return Error{
                path.string(), 0,
                fmt::format("{} would overwrite what {} wrote there", option, outputs[j].option),
                "name a file for each"};
        }
    }
    return std::nullopt;
}

}  // namespace exportgate::cli
