// A part of a file, for minizip, which reads whole files by itself: a zip file that lies in another
// one is read where it is.
#pragma once

#include <minizip/ioapi.h>

#include <cstdint>
#include <string>

namespace exportgate::archive {

struct FilePart {
    std::string path;
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
};

/// What minizip calls to read `part`, which must outlive the zip file.
zlib_filefunc64_def reads_of(FilePart& part);

}  // namespace exportgate::archive
