#include "temporary_folder.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace exportgate::cli {

Result<TemporaryFolder> TemporaryFolder::make() {
    std::error_code code;
    const std::filesystem::path parent = std::filesystem::temp_directory_path(code);
    std::string name = (parent / "exportgate-XXXXXX").string();
    if (!code && ::mkdtemp(name.data()) == nullptr)
        code = std::error_code(errno, std::generic_category());
    if (!code) return TemporaryFolder(name);
    return tl::unexpected(Error{parent.string(), 0,
                                "no temporary folder can be made: " + code.message(),
                                "set TMPDIR to a folder that can be written"});
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace exportgate::cli
