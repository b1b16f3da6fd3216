#include "base/files.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

namespace exportgate {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Files : public ::testing::Test {
  protected:
    Files() {
        std::string pattern = (fs::temp_directory_path() / "exportgate-files-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    ~Files() override {
        fs::remove_all(folder);
    }

    std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& entry : fs::directory_iterator(folder))
            found.push_back(entry.path().filename().string());
        return found;
    }

    fs::path folder;
};

/// While it lives, no file of this process grows beyond `bytes`: write fails with EFBIG, as with
/// ENOSPC on a full disk.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) {
        ::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
    }

  private:
    rlimit before_{};
};

TEST_F(Files, ReadsBackWhatWasWritten) {
    const std::string text(300'000, 'x');
    ASSERT_TRUE(write_file(folder / "a.txt", text + std::string("\0\r\n", 3)));
    EXPECT_EQ(read_file(folder / "a.txt").value(), text + std::string("\0\r\n", 3));
}

TEST_F(Files, ReadsFilesWhoseSizeTheSystemDoesNotKnow) {
    EXPECT_THAT(read_file("/proc/self/status").value(), HasSubstr("Pid:"));
}

TEST_F(Files, ReadingNamesThePathAndTheReason) {
    const auto missing = read_file(folder / "none");
    ASSERT_FALSE(missing);
    EXPECT_EQ(to_string(missing.error()),
              (folder / "none").string() + ": cannot be opened: No such file or directory");
    EXPECT_THAT(to_string(read_file(folder).error()), HasSubstr("Is a directory"));
}

TEST_F(Files, WritingReplacesAndLeavesNothingBeside) {
    ASSERT_TRUE(write_file(folder / "a.txt", "old"));
    ASSERT_TRUE(write_file(folder / "a.txt", "new"));
    EXPECT_EQ(read_file(folder / "a.txt").value(), "new");
    EXPECT_THAT(names(), ::testing::ElementsAre("a.txt"));
}

TEST_F(Files, WritingMakesMissingFolders) {
    ASSERT_TRUE(write_file(folder / "b" / "c" / "a.txt", "new"));
    EXPECT_EQ(read_file(folder / "b" / "c" / "a.txt").value(), "new");
}

TEST_F(Files, AFailedWriteKeepsTheOldFileAndLeavesNothingBeside) {
    ASSERT_TRUE(write_file(folder / "a.txt", "old"));
    {
        const FileSizeLimit limit(1000);
        const auto written = write_file(folder / "a.txt", std::string(100'000, 'x'));
        ASSERT_FALSE(written);
        EXPECT_EQ(to_string(written.error()),
                  (folder / "a.txt").string() +
                      ": cannot be written: File too large (a limit on the size of files is set "
                      "(`ulimit -f`): raise it, then run the same command again)");
    }
    EXPECT_EQ(read_file(folder / "a.txt").value(), "old");
    EXPECT_THAT(names(), ::testing::ElementsAre("a.txt"));
}

TEST_F(Files, AFolderIsNotReplaced) {
    ASSERT_TRUE(fs::create_directory(folder / "a"));
    EXPECT_THAT(to_string(write_file(folder / "a", "x").error()), HasSubstr("Is a directory"));
    EXPECT_THAT(names(), ::testing::ElementsAre("a"));
}

TEST_F(Files, AFileInTheWayOfAFolderIsNamed) {
    ASSERT_TRUE(write_file(folder / "a", "x"));
    const auto written = write_file(folder / "a" / "b.txt", "x");
    ASSERT_FALSE(written);
    EXPECT_THAT(to_string(written.error()),
                HasSubstr((folder / "a").string() + " cannot be made: Not a directory"));
}

TEST_F(Files, AFullDiskHasARemedy) {
    const auto written = write_file("/dev/full", "x");
    ASSERT_FALSE(written);
    EXPECT_EQ(to_string(written.error()),
              "/dev/full: cannot be written: No space left on device (free some space there, then "
              "run the same command "
              "again)");
}

TEST_F(Files, DevicesAreWrittenNotReplaced) {
    struct stat before {};
    ASSERT_EQ(::stat("/dev/null", &before), 0);
    ASSERT_TRUE(write_file("/dev/null", "x"));
    struct stat after {};
    ASSERT_EQ(::stat("/dev/null", &after), 0);
    EXPECT_TRUE(S_ISCHR(after.st_mode));
    EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST_F(Files, SymbolicLinksStayLinks) {
    ASSERT_TRUE(write_file(folder / "real.txt", "old"));
    fs::create_symlink("real.txt", folder / "link.txt");
    ASSERT_TRUE(write_file(folder / "link.txt", "new"));
    EXPECT_TRUE(fs::is_symlink(folder / "link.txt"));
    EXPECT_EQ(read_file(folder / "real.txt").value(), "new");
}

TEST(OneLine, HasNoControlCharacters) {
    for (const char* text : {"", "made by hand", "é \xe2\x82\xac \xc2\xa0"})
        EXPECT_TRUE(is_one_line(text)) << text;
    for (const char* text : {"a\nb", "a\tb", "\x1b[2J", "\x7f", "\xc2\x85", "\xff"})
        EXPECT_FALSE(is_one_line(text)) << ::testing::PrintToString(std::string(text));
}

TEST(Utf8, AcceptsWellFormedText) {
    for (const char* text : {"", "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                             "\xED\x9F\xBF", "\xEF\xBF\xBF"}) {
        EXPECT_TRUE(is_utf8(text)) << text;
    }
}

TEST(Utf8, RefusesWhatTheStandardRefuses) {
    for (const char* text :
         {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "a\xFFz", "\xC3\x28"}) {
        EXPECT_FALSE(is_utf8(text)) << ::testing::PrintToString(std::string(text));
    }
}

}  // namespace
}  // namespace exportgate
