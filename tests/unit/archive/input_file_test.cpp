#include "archive/input_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace exportgate::archive {
namespace {

using testing::HasSubstr;

constexpr std::string_view start_of_zip = "PK\3\4 and more";
constexpr std::string_view empty_zip = "PK\5\6 and more";

/// A pipe from which `content` comes, by its path.
class Pipe {
  public:
    explicit Pipe(std::string_view content) {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe(ends.data()), 0);
        EXPECT_EQ(::write(ends[1], content.data(), content.size()),
                  static_cast<ssize_t>(content.size()));
        ::close(ends[1]);
        descriptor_ = ends[0];
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        ::close(descriptor_);
    }

    std::string path() const {
        return "/dev/fd/" + std::to_string(descriptor_);
    }

  private:
    int descriptor_ = -1;
};

/// A folder of its own, which goes with the test.
class InputFiles : public testing::Test {
  protected:
    void SetUp() override {
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override {
        std::filesystem::remove_all(folder_);
    }

    std::string write(std::string_view content) const {
        std::ofstream(folder_ / "a", std::ios::binary) << content;
        return folder_ / "a";
    }

    static std::string mistake_of(const std::string& path, std::uint64_t most = 1000) {
        const auto input = read_input(path, most);
        return input ? "" : to_string(input.error());
    }

    const std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("exportgate-input-" + std::to_string(::getpid()));
};

TEST_F(InputFiles, APrintThroughAPipeIsReadToItsEnd) {
    for (const std::string& print : {std::string("ExportedProgram:\n"), std::string(5000, 'a')}) {
        const auto piped = read_input(Pipe(print).path());
        ASSERT_TRUE(piped) << to_string(piped.error());
        EXPECT_FALSE(piped->is_zip);
        EXPECT_EQ(piped->text, print);
        EXPECT_EQ(read_input(write(print))->text, print);
    }
}

TEST_F(InputFiles, AZipFileHasToBeAFile) {
    const auto zip = read_input(write(start_of_zip));
    ASSERT_TRUE(zip);
    EXPECT_TRUE(zip->is_zip);
    EXPECT_THAT(mistake_of(Pipe(start_of_zip).path()), HasSubstr("through a pipe"));
}

TEST_F(InputFiles, WhatCannotBeReadIsCalledWhatItIs) {
    EXPECT_THAT(mistake_of(folder_ / "none"), HasSubstr("none: cannot be opened: No such file"));
    EXPECT_THAT(mistake_of(folder_), HasSubstr("is a folder"));
    EXPECT_THAT(mistake_of("/dev/zero"), HasSubstr("is neither a file nor a pipe"));
    EXPECT_THAT(mistake_of(write("")), HasSubstr("is empty"));
    EXPECT_THAT(mistake_of(Pipe("").path()), HasSubstr("is empty"));
    EXPECT_THAT(mistake_of(write(empty_zip)), HasSubstr("is a zip file without entries"));
    EXPECT_THAT(mistake_of(write(std::string(1001, 'a'))), HasSubstr("more than 1000 bytes"));
    EXPECT_THAT(mistake_of(write(std::string(1000, 'a'))), "");
    if (::geteuid() == 0) return;
    std::filesystem::permissions(write("a"), std::filesystem::perms::none);
    EXPECT_THAT(mistake_of(folder_ / "a"), HasSubstr("Permission denied"));
}

}  // namespace
}  // namespace exportgate::archive
