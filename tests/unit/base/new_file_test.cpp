#include "base/new_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <vector>

#include "base/files.h"

namespace exportgate {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NewFiles : public ::testing::Test {
  protected:
    NewFiles() {
        std::string pattern = (fs::temp_directory_path() / "exportgate-files-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    ~NewFiles() override {
        fs::remove_all(folder);
    }

    std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& entry : fs::directory_iterator(folder))
            found.push_back(entry.path().filename().string());
        return found;
    }

    void write(const std::string& name) const {
        ASSERT_TRUE(write_file(folder / name, "text"));
    }

    fs::path folder;
};

/// Runs `work` in a process that is killed when it has done it.
void do_and_be_killed(const std::function<void()>& work) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        work();
        ::raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    ASSERT_TRUE(WIFSIGNALED(status));
}

TEST_F(NewFiles, AProcessThatIsKilledWhileItWritesLeavesNothing) {
    write("old.txt");
    do_and_be_killed([&] {
        auto* file = new NewFile(folder);  // not destroyed
        if (::write(file->descriptor(), "half", 4) != 4) ::_exit(1);
    });
    EXPECT_THAT(names(), ElementsAre("old.txt"));
}

TEST_F(NewFiles, WhatIsNotMovedIsGone) {
    {
        const NewFile file(folder);
        ASSERT_TRUE(file.open());
    }
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(NewFiles, TakesThePlaceOfAFileThatIsThere) {
    write("a.txt");
    NewFile file(folder);
    ASSERT_EQ(::write(file.descriptor(), "new", 3), 3);
    ASSERT_TRUE(file.move_to(folder / "a.txt"));
    EXPECT_EQ(read_file(folder / "a.txt").value(), "new");
    EXPECT_THAT(names(), ElementsAre("a.txt"));
}

TEST_F(NewFiles, AFolderThatIsNotThereHasAReason) {
    const NewFile file(folder / "none");
    EXPECT_EQ(errno, ENOENT);
    EXPECT_FALSE(file.open());
}

TEST_F(NewFiles, WhatAKilledProcessLeftIsRemoved) {
    write("mine.txt");
    write(".exportgate-4711-1.tmp");
    write("exportgate-4711-1.tmp");
    remove_abandoned(folder);
    EXPECT_THAT(names(), ::testing::UnorderedElementsAre("mine.txt", "exportgate-4711-1.tmp"));
}

TEST_F(NewFiles, WhatIsBeingWrittenStays) {
    write(".exportgate-4711-1.tmp");
    const int writer = ::open((folder / ".exportgate-4711-1.tmp").c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_EQ(::flock(writer, LOCK_EX), 0);
    remove_abandoned(folder);
    EXPECT_THAT(names(), ElementsAre(".exportgate-4711-1.tmp"));
    ::close(writer);
    remove_abandoned(folder);
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(NewFiles, ALinkIsNotFollowed) {
    write("mine.txt");
    fs::create_symlink("mine.txt", folder / ".exportgate-4711-1.tmp");
    remove_abandoned(folder);
    EXPECT_EQ(read_file(folder / "mine.txt").value(), "text");
    EXPECT_EQ(names().size(), 2U);
}

TEST_F(NewFiles, AFolderThatIsNotThereHasNothingToRemove) {
    remove_abandoned(folder / "none");
}

}  // namespace
}  // namespace exportgate
