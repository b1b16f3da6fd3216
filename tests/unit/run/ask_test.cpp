#include "run/ask.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/files.h"

namespace exportgate::run {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Ask : public ::testing::Test {
  protected:
    Ask() {
        std::string pattern = (fs::temp_directory_path() / "exportgate-ask-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    ~Ask() override {
        fs::remove_all(folder_);
    }

    /// A worker that notes its start and then does `what`.
    fs::path worker(const std::string& what) const {
        const fs::path file = folder_ / "worker";
        const std::string notes = "echo started >> '" + (folder_ / "starts").string() + "'\n";
        EXPECT_TRUE(write_file(file, "#!/bin/sh\n" + notes + what + "\n"));
        fs::permissions(file, fs::perms::owner_all);
        return file;
    }

    long starts() const {
        const std::string text = read_file(folder_ / "starts").value();
        return std::count(text.begin(), text.end(), '\n');
    }

    fs::path folder_;
};

TEST_F(Ask, StartsAWorkerAgainThatWasKilledAndNotForEver) {
    const auto answer = ask(worker("kill -9 $$"));
    ASSERT_FALSE(answer);
    EXPECT_THAT(to_string(answer.error()), HasSubstr("the worker ended: killed by signal 9"));
    EXPECT_EQ(starts(), 3);
}

TEST_F(Ask, DoesNotStartOneAgainThatGaveUp) {
    const auto answer = ask(worker("exit 1"));
    ASSERT_FALSE(answer);
    EXPECT_THAT(to_string(answer.error()), HasSubstr("the worker ended: exit code 1"));
    EXPECT_EQ(starts(), 1);
}

}  // namespace
}  // namespace exportgate::run
