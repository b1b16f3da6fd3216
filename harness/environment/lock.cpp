#include "environment/lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace exportgate::environment {

Result<Lock> Lock::take(const std::filesystem::path& file) {
    std::error_code failure;
    std::filesystem::create_directories(file.parent_path(), failure);
    const int descriptor = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        return tl::unexpected(Error{file.string(), 0,
                                    fmt::format("cannot be written: {}", std::strerror(errno)),
                                    "name another folder with --environments"});
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return tl::unexpected(Error{file.string(), 0,
                                    "another exportgate is at work on this environment",
                                    "wait for it to end"});
    }
    return Lock(descriptor);
}

Lock::Lock(int descriptor) : descriptor_(descriptor) {}

Lock::Lock(Lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Lock::~Lock() {
    // The file stays: whoever has it open and waits must not hold a lock that others cannot see.
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace exportgate::environment
