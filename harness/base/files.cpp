#include "base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/new_file.h"

namespace exportgate {
namespace {

namespace fs = std::filesystem;

class Descriptor {
  public:
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        close();
    }

    int get() const {
        return value_;
    }
    bool open() const {
        return value_ >= 0;
    }

    /// False with errno set where the file system reports a failed write only now (NFS, quotas).
    bool close() {
        const int value = std::exchange(value_, -1);
        return value < 0 || ::close(value) == 0 || errno == EINTR;
    }

  private:
    int value_;
};

std::string remedy_for(int code) {
    switch (code) {
        case ENOSPC:
        case EDQUOT:
            return "free some space there, then run the same command again";
        case EFBIG:
            return "a limit on the size of files is set (`ulimit -f`): raise it, then run the same "
                   "command again";
        case EROFS:
            return "the file system is mounted read-only: mount it writable, or choose another "
                   "folder";
        case EACCES:
        case EPERM:
            return "make the folder and the file writable for this user, or choose another folder";
        default:
            return "";
    }
}

Error failure(const fs::path& path, const std::string& what, int code) {
    return Error{.file = path.string(),
                 .what = what + ": " + std::strerror(code),
                 .remedy = remedy_for(code)};
}

bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool sync_folder(const fs::path& folder) {
    const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor.open()) return false;
    // Some file systems cannot sync a folder and say so; there is nothing to lose then that a retry
    // would keep.
    return ::fsync(descriptor.get()) == 0 || errno == EINVAL || errno == ENOTSUP;
}

/// A terminal, a pipe, /dev/null: there is no old content to keep, and a rename would replace the
/// device itself.
Result<void> write_through(const fs::path& path, std::string_view text) {
    Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!descriptor.open() || !write_all(descriptor.get(), text) || !descriptor.close()) {
        return tl::unexpected(failure(path, "cannot be written", errno));
    }
    return {};
}

}  // namespace

Result<std::string> read_file(const fs::path& path) {
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor.open()) return tl::unexpected(failure(path, "cannot be opened", errno));
    std::string text;
    struct stat status {};
    if (::fstat(descriptor.get(), &status) == 0 && status.st_size > 0 && S_ISREG(status.st_mode)) {
        text.reserve(static_cast<std::size_t>(status.st_size) + 1);
    }
    for (;;) {
        constexpr std::size_t block = 1U << 16U;
        const std::size_t size = text.size();
        const std::size_t room = std::max(block, text.capacity() - size);
        text.resize(size + room);
        const ssize_t count = ::read(descriptor.get(), text.data() + size, room);
        text.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        if (count == 0) return text;
        if (count < 0 && errno != EINTR)
            return tl::unexpected(failure(path, "cannot be read", errno));
    }
}

Result<void> write_file(const fs::path& asked, std::string_view text) {
    std::error_code ignored;
    const fs::file_status status = fs::status(asked, ignored);
    if (fs::exists(status) && fs::is_directory(status))
        return tl::unexpected(failure(asked, "cannot be written", EISDIR));
    if (fs::exists(status) && !fs::is_regular_file(status)) return write_through(asked, text);
    // Through a symbolic link, so that the link stays one.
    const fs::path path =
        fs::is_symlink(asked, ignored) ? fs::weakly_canonical(asked, ignored) : asked;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");

    std::error_code code;
    fs::create_directories(folder, code);
    if (code && !fs::is_directory(folder, ignored)) {
        return tl::unexpected(
            failure(asked, "cannot be written, the folder " + folder.string() + " cannot be made",
                    code.value()));
    }
    NewFile file(folder);
    if (!file.open() || !write_all(file.descriptor(), text) || ::fsync(file.descriptor()) != 0 ||
        !file.move_to(path)) {
        return tl::unexpected(failure(asked, "cannot be written", errno));
    }
    if (!sync_folder(folder)) {
        return tl::unexpected(
            failure(asked, "was written, but may be lost if the machine stops now", errno));
    }
    return {};
}

}  // namespace exportgate
