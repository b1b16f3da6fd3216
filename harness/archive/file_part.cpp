#include "archive/file_part.h"

#include <algorithm>
#include <cstdio>

namespace exportgate::archive {
namespace {

struct OpenPart {
    const FilePart* part;
    std::FILE* file;
    std::uint64_t at;  // from the start of the part
    bool failed;
};

voidpf open_part(voidpf opaque, const void*, int mode) {
    const auto* part = static_cast<const FilePart*>(opaque);
    if ((mode & ZLIB_FILEFUNC_MODE_WRITE) != 0) return nullptr;
    std::FILE* file = std::fopen(part->path.c_str(), "rb");
    if (file == nullptr) return nullptr;
    return new OpenPart{part, file, 0, false};
}

uLong read_part(voidpf, voidpf stream, void* to, uLong size) {
    auto* open = static_cast<OpenPart*>(stream);
    const std::uint64_t left = open->part->bytes - std::min(open->part->bytes, open->at);
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, size));
    const std::size_t read = std::fread(to, 1, wanted, open->file);
    open->failed = open->failed || std::ferror(open->file) != 0;
    open->at += read;
    return static_cast<uLong>(read);
}

uLong write_part(voidpf, voidpf, const void*, uLong) {
    return 0;
}

ZPOS64_T tell_part(voidpf, voidpf stream) {
    return static_cast<OpenPart*>(stream)->at;
}

long seek_part(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
    auto* open = static_cast<OpenPart*>(stream);
    std::uint64_t to = offset;
    if (origin == ZLIB_FILEFUNC_SEEK_CUR) to += open->at;
    if (origin == ZLIB_FILEFUNC_SEEK_END) to += open->part->bytes;
    if (to > open->part->bytes) return -1;
    if (fseeko(open->file, static_cast<off_t>(open->part->offset + to), SEEK_SET) != 0) return -1;
    open->at = to;
    return 0;
}

int close_part(voidpf, voidpf stream) {
    auto* open = static_cast<OpenPart*>(stream);
    const int closed = std::fclose(open->file);
    delete open;
    return closed;
}

int error_of_part(voidpf, voidpf stream) {
    return static_cast<OpenPart*>(stream)->failed ? 1 : 0;
}

}  // namespace

zlib_filefunc64_def reads_of(FilePart& part) {
    zlib_filefunc64_def reads{};
    reads.zopen64_file = open_part;
    reads.zread_file = read_part;
    reads.zwrite_file = write_part;
    reads.ztell64_file = tell_part;
    reads.zseek64_file = seek_part;
    reads.zclose_file = close_part;
    reads.zerror_file = error_of_part;
    reads.opaque = &part;
    return reads;
}

}  // namespace exportgate::archive
