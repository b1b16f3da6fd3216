// A zip file, read entry by entry. Nothing is unpacked to disk, so names of entries are names only.
// minizip reads the format and compares checksums; a damaged entry is an error, never short data.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace exportgate::archive {

struct Entry {
    std::string name;
    std::uint64_t bytes = 0;      // unpacked
    std::uint32_t checksum = 0;   // CRC-32 of the unpacked bytes
    bool is_stored = false;       // as it is, not compressed
    std::uint64_t directory = 0;  // where minizip finds it again
    std::uint64_t in_directory = 0;
};

struct ZipHandle;  // of minizip

class EntryStream {
  public:
    /// Fills `to`; gives fewer bytes only at the end. Error: damaged, also where only the checksum
    /// says so, which is known at the end.
    Result<std::size_t> read(std::span<char> to);

  private:
    friend class ZipFile;
    EntryStream(std::shared_ptr<ZipHandle> handle, Error damaged, std::uint64_t bytes)
        : handle_(std::move(handle)), damaged_(std::move(damaged)), left_(bytes) {}

    std::shared_ptr<ZipHandle> handle_;
    Error damaged_;
    std::uint64_t left_;
    bool ended_ = false;
};

class ZipFile {
  public:
    /// The zip file `path`, or the one that lies in `bytes` bytes of it from `offset` on. `shown`
    /// is what messages call it. Errors: it cannot be read, is no zip file or a truncated one, two
    /// entries have one name, a name leads out of the archive.
    static Result<ZipFile> open(const std::string& path);
    static Result<ZipFile> open_within(const std::string& path, std::uint64_t offset,
                                       std::uint64_t bytes, const std::string& shown);

    const std::string& shown() const {
        return shown_;
    }
    const std::vector<Entry>& entries() const {
        return entries_;
    }
    /// Null where there is none of this name.
    const Entry* find(std::string_view name) const;

    /// The whole entry. Error: it is larger than `most` bytes, or damaged.
    Result<std::string> read(const Entry& entry, std::uint64_t most) const;

    /// The entry, to be read piece by piece. One at a time: opening another one ends it.
    Result<EntryStream> stream(const Entry& entry) const;

    /// How its bytes differ from those of an entry of another file, in words; empty: not at all. It
    /// is remembered: many tensors can be in one entry.
    Result<std::string> compare(const Entry& entry, const ZipFile& other,
                                const Entry& other_entry) const;

    /// The zip file that an entry is, as torch.save writes one. Error: it is none, or compressed.
    Result<ZipFile> open_entry(const Entry& entry) const;

  private:
    ZipFile() = default;
    Result<void> list();
    Error damaged(const Entry& entry) const;

    std::string path_;
    std::uint64_t offset_ = 0;
    std::string shown_;
    std::vector<Entry> entries_;  // by name
    std::shared_ptr<ZipHandle> handle_;
};

}  // namespace exportgate::archive
