#include "base/new_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string_view>
#include <utility>

namespace exportgate {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view name_begins = ".exportgate-";
constexpr std::string_view name_ends = ".tmp";

bool close_file(int& descriptor) {
    const int value = std::exchange(descriptor, -1);
    return value < 0 || ::close(value) == 0 || errno == EINTR;
}

bool lock(int descriptor, int operation) {
    while (::flock(descriptor, operation) != 0) {
        if (errno != EINTR) return false;
    }
    return true;
}

/// What closing the file reports, while it stays open, and locked.
bool closes_well(int descriptor) {
    int copy = ::dup(descriptor);
    return copy >= 0 && close_file(copy);
}

/// How a file without a name is linked to one (man 2 open, O_TMPFILE).
fs::path open_file(int descriptor) {
    return "/proc/self/fd/" + std::to_string(descriptor);
}

bool link_to(int descriptor, const fs::path& path) {
    return ::linkat(AT_FDCWD, open_file(descriptor).c_str(), AT_FDCWD, path.c_str(),
                    AT_SYMLINK_FOLLOW) == 0;
}

}  // namespace

NewFile::NewFile(const fs::path& folder) : folder_(folder) {
    if (!make_unnamed()) make_named();
}

NewFile::~NewFile() {
    const int error = errno;  // the one that the caller is about to report
    if (!name_.empty()) ::unlink(name_.c_str());
    close_file(descriptor_);
    errno = error;
}

/// The number makes names of one process unique, O_EXCL those of several.
fs::path NewFile::next_name() const {
    static std::atomic<unsigned> number{0};
    return folder_ / (std::string(name_begins) + std::to_string(::getpid()) + "-" +
                      std::to_string(++number) + std::string(name_ends));
}

bool NewFile::make_unnamed() {
    descriptor_ = ::open(folder_.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    if (descriptor_ < 0) return false;
    if (::access(open_file(descriptor_).c_str(), F_OK) == 0 && lock(descriptor_, LOCK_EX))
        return true;
    close_file(descriptor_);
    return false;
}

bool NewFile::make_named() {
    for (;;) {
        const fs::path name = next_name();
        descriptor_ = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor_ < 0) {
            if (errno == EEXIST || errno == EINTR) continue;
            return false;
        }
        name_ = name;
        struct stat status {};
        // Without locks nothing is taken for abandoned. With them it may have been, until now.
        if (!lock(descriptor_, LOCK_EX) || ::fstat(descriptor_, &status) != 0 ||
            status.st_nlink > 0)
            return true;
        close_file(descriptor_);
    }
}

bool NewFile::move_to(const fs::path& path) {
    if (!closes_well(descriptor_)) return false;
    if (name_.empty()) {
        if (link_to(descriptor_, path)) return true;
        while (errno == EEXIST && name_.empty()) {
            fs::path name = next_name();
            if (link_to(descriptor_, name)) name_ = std::move(name);
        }
        if (name_.empty()) return false;
    }
    if (::rename(name_.c_str(), path.c_str()) != 0) return false;
    name_.clear();
    return true;
}

void remove_abandoned(const fs::path& folder) {
    std::error_code code;
    for (fs::directory_iterator entry(folder, code), end; !code && entry != end;
         entry.increment(code)) {
        const std::string name = entry->path().filename().string();
        if (!name.starts_with(name_begins) || !name.ends_with(name_ends)) continue;
        int descriptor = ::open(entry->path().c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
        if (descriptor >= 0 && lock(descriptor, LOCK_EX | LOCK_NB)) ::unlink(entry->path().c_str());
        close_file(descriptor);
    }
}

}  // namespace exportgate
