// The recorded prints of real torch releases under tests/recordings/programs.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.h"

namespace exportgate::graph {

inline std::filesystem::path recordings_directory() {
    return std::filesystem::path(EXPORTGATE_SOURCE_DIR) / "tests" / "recordings" / "programs";
}

inline std::string recording(const std::string& file) {
    const auto text = read_file(recordings_directory() / file);
    EXPECT_TRUE(text.has_value()) << to_string(text.error());
    return text ? *text : std::string();
}

/// Prints of unchanged programs, of all releases: "2.13.0/attention.txt". In name order.
inline std::vector<std::string> recorded_prints() {
    namespace fs = std::filesystem;
    std::vector<std::string> files;
    for (const auto& release : fs::directory_iterator(recordings_directory())) {
        if (!release.is_directory() || release.path().filename() == "mutants") continue;
        for (const auto& file : fs::directory_iterator(release.path())) {
            files.push_back((release.path().filename() / file.path().filename()).string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace exportgate::graph
