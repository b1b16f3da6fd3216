#include "archive/zip_file.h"

#include <fmt/format.h>
#include <minizip/unzip.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <map>
#include <utility>

#include "archive/file_part.h"
#include "base/files.h"
#include "base/printable.h"

namespace exportgate::archive {
namespace {

constexpr std::size_t longest_name = 4096;
constexpr std::size_t most_entries = 1'000'000;
constexpr std::size_t read_at_once = 1 << 20;

/// torch writes plain relative names. Anything else was made to be unpacked somewhere.
bool leads_out(const std::string& name) {
    if (name.empty() || name.front() == '/' || name.find('\\') != std::string::npos) return true;
    const std::filesystem::path path(name);
    return std::find(path.begin(), path.end(), "..") != path.end();
}

Result<std::string> compare_bytes(const ZipFile& a, const Entry& a_entry, const ZipFile& b,
                                  const Entry& b_entry) {
    if (a_entry.bytes != b_entry.bytes)
        return fmt::format("{} bytes, {} bytes", a_entry.bytes, b_entry.bytes);
    auto first = a.stream(a_entry);
    if (!first) return tl::unexpected(first.error());
    auto second = b.stream(b_entry);
    if (!second) return tl::unexpected(second.error());
    std::string left(read_at_once, '\0'), right(read_at_once, '\0');
    bool equal = true;
    for (std::uint64_t rest = a_entry.bytes; rest > 0;) {
        const auto read = first->read(left);
        const auto also = second->read(right);
        if (!read) return tl::unexpected(read.error());
        if (!also) return tl::unexpected(also.error());
        if (*read == 0 || *read != *also) break;
        equal = equal && std::memcmp(left.data(), right.data(), *read) == 0;
        rest -= std::min<std::uint64_t>(rest, *read);
    }
    return equal ? std::string() : std::string("other bytes");
}

Result<std::uint64_t> size_of(const std::string& path) {
    std::error_code failure;
    const auto size = std::filesystem::file_size(path, failure);
    if (failure) return tl::unexpected(Error{path, 0, failure.message(), {}});
    return size;
}

}  // namespace

struct ComparedEntries {
    std::weak_ptr<ZipHandle> other;
    Result<std::string> differ;
};

struct ZipHandle {
    FilePart part;
    unzFile zip = nullptr;
    std::map<std::pair<std::uint64_t, std::uint64_t>, ComparedEntries> compared;  // by directory

    ZipHandle() = default;
    ZipHandle(const ZipHandle&) = delete;
    ZipHandle& operator=(const ZipHandle&) = delete;
    ~ZipHandle() {
        if (zip != nullptr) unzClose(zip);
    }
};

Result<ZipFile> ZipFile::open(const std::string& path) {
    const auto size = size_of(path);
    if (!size) return tl::unexpected(size.error());
    return open_within(path, 0, *size, path);
}

Result<ZipFile> ZipFile::open_within(const std::string& path, std::uint64_t offset,
                                     std::uint64_t bytes, const std::string& shown) {
    ZipFile file;
    file.path_ = path;
    file.offset_ = offset;
    file.shown_ = shown;
    file.handle_ = std::make_shared<ZipHandle>();
    file.handle_->part = {path, offset, bytes};
    zlib_filefunc64_def reads = reads_of(file.handle_->part);
    file.handle_->zip = unzOpen2_64(path.c_str(), &reads);
    if (file.handle_->zip == nullptr) {
        return tl::unexpected(Error{shown, 0, "is no zip file, or a truncated one",
                                    "torch.export.save writes what can be compared"});
    }
    if (const auto listed = file.list(); !listed) return tl::unexpected(listed.error());
    return file;
}

Result<void> ZipFile::list() {
    const unzFile zip = handle_->zip;
    const auto mistake = [this](std::string what) {
        return tl::unexpected(Error{shown_, 0, std::move(what), "save the program again"});
    };
    for (int next = unzGoToFirstFile(zip); next != UNZ_END_OF_LIST_OF_FILE;
         next = unzGoToNextFile(zip)) {
        if (next != UNZ_OK) return mistake("the list of its entries is damaged or truncated");
        if (entries_.size() == most_entries) return mistake("more than 1000000 entries");
        unz_file_info64 info{};
        std::string name(longest_name, '\0');
        unz64_file_pos at{};
        if (unzGetCurrentFileInfo64(zip, &info, name.data(), name.size(), nullptr, 0, nullptr, 0) !=
                UNZ_OK ||
            unzGetFilePos64(zip, &at) != UNZ_OK) {
            return mistake("the list of its entries is damaged or truncated");
        }
        if (info.size_filename >= longest_name) return mistake("an entry with an endless name");
        name.resize(info.size_filename);
        if (!is_one_line(name) || leads_out(name)) {
            return mistake(
                fmt::format("an entry that leads out of the archive: {:.200}", printable(name)));
        }
        entries_.push_back({name, info.uncompressed_size, static_cast<std::uint32_t>(info.crc),
                            info.compression_method == 0, at.pos_in_zip_directory, at.num_of_file});
    }
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    const auto twice =
        std::adjacent_find(entries_.begin(), entries_.end(),
                           [](const Entry& a, const Entry& b) { return a.name == b.name; });
    if (twice != entries_.end()) return mistake(fmt::format("two entries {}", twice->name));
    return {};
}

const Entry* ZipFile::find(std::string_view name) const {
    const auto at = std::lower_bound(
        entries_.begin(), entries_.end(), name,
        [](const Entry& entry, std::string_view sought) { return entry.name < sought; });
    return at != entries_.end() && at->name == name ? &*at : nullptr;
}

Error ZipFile::damaged(const Entry& entry) const {
    return {shown_, 0, fmt::format("{} is damaged or truncated", entry.name),
            "save the program again"};
}

Result<EntryStream> ZipFile::stream(const Entry& entry) const {
    const unzFile zip = handle_->zip;
    const unz64_file_pos at{entry.directory, entry.in_directory};
    if (unzGoToFilePos64(zip, &at) != UNZ_OK || unzOpenCurrentFile(zip) != UNZ_OK)
        return tl::unexpected(damaged(entry));
    return EntryStream(handle_, damaged(entry), entry.bytes);
}

Result<std::size_t> EntryStream::read(std::span<char> to) {
    std::size_t filled = 0;
    while (!ended_ && filled < to.size()) {
        const std::size_t wanted = std::min(to.size() - filled, read_at_once);
        const int read =
            unzReadCurrentFile(handle_->zip, to.data() + filled, static_cast<unsigned>(wanted));
        if (read < 0 || static_cast<std::uint64_t>(read) > left_) return tl::unexpected(damaged_);
        filled += static_cast<std::size_t>(read);
        left_ -= static_cast<std::uint64_t>(read);
        if (read > 0 && left_ > 0) continue;
        // Only a file that was read to its end has its checksum compared.
        ended_ = true;
        if (left_ != 0 || unzCloseCurrentFile(handle_->zip) != UNZ_OK)
            return tl::unexpected(damaged_);
    }
    return filled;
}

Result<std::string> ZipFile::read(const Entry& entry, std::uint64_t most) const {
    if (entry.bytes > most) {
        return tl::unexpected(
            Error{shown_,
                  0,
                  fmt::format("{} has {} bytes, more than {}", entry.name, entry.bytes, most),
                  {}});
    }
    auto stream = this->stream(entry);
    if (!stream) return tl::unexpected(stream.error());
    std::string content;
    // Grows with what is there, not with what the directory promises.
    for (std::size_t filled = 0; filled < entry.bytes;) {
        content.resize(filled + std::min<std::uint64_t>(read_at_once, entry.bytes - filled));
        const auto read = stream->read(std::span(content).subspan(filled));
        if (!read) return tl::unexpected(read.error());
        if (*read != content.size() - filled) return tl::unexpected(damaged(entry));
        filled += *read;
    }
    return content;
}

Result<std::string> ZipFile::compare(const Entry& entry, const ZipFile& other,
                                     const Entry& other_entry) const {
    const auto key = std::pair(entry.directory, other_entry.directory);
    const auto known = handle_->compared.find(key);
    if (known != handle_->compared.end() && known->second.other.lock() == other.handle_)
        return known->second.differ;
    auto differ = compare_bytes(*this, entry, other, other_entry);
    handle_->compared.insert_or_assign(key, ComparedEntries{other.handle_, differ});
    return differ;
}

Result<ZipFile> ZipFile::open_entry(const Entry& entry) const {
    const std::string name = shown_ + ":" + entry.name;
    if (!entry.is_stored) {
        return tl::unexpected(
            Error{name, 0, "is compressed, which torch does not do", "save the program again"});
    }
    const unz64_file_pos at{entry.directory, entry.in_directory};
    if (unzGoToFilePos64(handle_->zip, &at) != UNZ_OK || unzOpenCurrentFile(handle_->zip) != UNZ_OK)
        return tl::unexpected(damaged(entry));
    const std::uint64_t start = unzGetCurrentFileZStreamPos64(handle_->zip);
    unzCloseCurrentFile(handle_->zip);
    return open_within(path_, offset_ + start, entry.bytes, name);
}

}  // namespace exportgate::archive
