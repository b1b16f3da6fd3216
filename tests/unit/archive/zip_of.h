// Zip files that a test makes up.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace exportgate::archive {

inline std::uint32_t crc_of(std::string_view bytes) {
    std::uint32_t crc = ~0u;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
    }
    return ~crc;
}

inline std::string little_endian(std::uint64_t value, int bytes) {
    std::string text;
    for (; bytes > 0; --bytes, value >>= 8)
        text += static_cast<char>(value & 0xff);
    return text;
}

/// A zip file of these entries, not compressed.
inline std::string zip_of(const std::map<std::string, std::string>& entries) {
    std::string zip, directory;
    for (const auto& [name, content] : entries) {
        const std::string size = little_endian(content.size(), 4);
        const std::string header = little_endian(20, 2) + std::string(8, '\0') +
                                   little_endian(crc_of(content), 4) + size + size +
                                   little_endian(name.size(), 2) + std::string(2, '\0');
        directory += "PK\1\2" + little_endian(20, 2) + header + std::string(10, '\0') +
                     little_endian(zip.size(), 4) + name;
        zip += "PK\3\4" + header + name + content;
    }
    const std::string count = little_endian(entries.size(), 2);
    return zip + directory + "PK\5\6" + std::string(4, '\0') + count + count +
           little_endian(directory.size(), 4) + little_endian(zip.size(), 4) + std::string(2, '\0');
}

}  // namespace exportgate::archive
