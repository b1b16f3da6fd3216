#include "archive/input_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace exportgate::archive {
namespace {

constexpr std::string_view start_of_zip = "PK\3\4";
constexpr std::string_view start_of_empty_zip = "PK\5\6";

Result<void> check_kind(const std::string& path, const struct stat& status) {
    if (S_ISDIR(status.st_mode)) return tl::unexpected(Error{path, 0, "is a folder", {}});
    // A device may never end.
    if (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode)) return {};
    return tl::unexpected(Error{path, 0, "is neither a file nor a pipe", "- reads standard input"});
}

/// Adds to `text` until it has `wanted` bytes, or the file ends. False with errno: it cannot be
/// read.
bool read_up_to(int descriptor, std::uint64_t wanted, std::string& text) {
    constexpr std::uint64_t at_once = 1u << 20;
    while (text.size() < wanted) {
        const std::size_t before = text.size();
        text.resize(before + std::min(at_once, wanted - before));
        const ssize_t read = ::read(descriptor, text.data() + before, text.size() - before);
        text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(read, 0)));
        if (read == 0) return true;
        if (read < 0 && errno != EINTR) return false;
    }
    return true;
}

Result<InputFile> read_open(int descriptor, const std::string& shown, bool is_file,
                            std::uint64_t most) {
    const auto mistake = [&](std::string what, std::string remedy = {}) {
        return tl::unexpected(Error{shown, 0, std::move(what), std::move(remedy)});
    };
    const auto unreadable = [&] {
        return mistake(fmt::format("cannot be read: {}", std::strerror(errno)));
    };
    InputFile input;
    if (!read_up_to(descriptor, start_of_zip.size(), input.text)) return unreadable();
    if (input.text.empty()) return mistake("is empty");
    if (input.text == start_of_empty_zip) return mistake("is a zip file without entries");
    if (input.text == start_of_zip) {
        if (!is_file)
            return mistake("is a saved program that comes through a pipe",
                           "write it to a file: a zip file is read from its end");
        input.is_zip = true;
        input.text.clear();
        return input;
    }
    if (!read_up_to(descriptor, most + 1, input.text)) return unreadable();
    if (input.text.size() > most)
        return mistake(fmt::format("is no saved program, and has more than {} bytes", most));
    return input;
}

}  // namespace

Result<InputFile> read_input(const std::string& path, std::uint64_t most) {
    if (path == "-") return read_open(STDIN_FILENO, shown_input(path), false, most);
    const auto unopened = [&] {
        return tl::unexpected(
            Error{path, 0, fmt::format("cannot be opened: {}", std::strerror(errno)), {}});
    };
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return unopened();
    if (const auto readable = check_kind(path, status); !readable)
        return tl::unexpected(readable.error());
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return unopened();
    auto input = read_open(descriptor, path, S_ISREG(status.st_mode), most);
    ::close(descriptor);
    return input;
}

std::string shown_input(const std::string& path) {
    return path == "-" ? "<standard input>" : path;
}

}  // namespace exportgate::archive
