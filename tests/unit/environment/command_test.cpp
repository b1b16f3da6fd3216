#include "environment/command.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "base/files.h"

namespace exportgate::environment {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// pip 23.2.1
TEST(LinesThatMatter, OfPipAreItsErrors) {
    EXPECT_THAT(
        lines_that_matter(
            "Looking in links: /wheels\n"
            "ERROR: Could not find a version that satisfies the requirement torch==99.0.0 (from "
            "versions: none)\n"
            "ERROR: No matching distribution found for torch==99.0.0\n"),
        ElementsAre("ERROR: Could not find a version that satisfies the requirement torch==99.0.0 "
                    "(from versions: none)",
                    "ERROR: No matching distribution found for torch==99.0.0"));
}

// g++ 12 under ninja
TEST(LinesThatMatter, OfTheCompilerAreItsErrors) {
    EXPECT_THAT(lines_that_matter("[1/3] Building CXX object a.o\n"
                                  "FAILED: a.o \n"
                                  "/usr/bin/c++ -Werror -o a.o -c a.cpp\n"
                                  "a.cpp: In function 'int f()':\n"
                                  "a.cpp:3:12: error: 'x' was not declared in this scope\n"
                                  "    3 |     return x;\n"
                                  "ninja: build stopped: subcommand failed.\n"),
                ElementsAre("a.cpp:3:12: error: 'x' was not declared in this scope"));
}

// CMake 3.25
TEST(LinesThatMatter, OfCMakeIncludeWhatFollowsTheFirst) {
    EXPECT_THAT(lines_that_matter("-- The CXX compiler identification is unknown\n"
                                  "CMake Error at CMakeLists.txt:9 (project):\n"
                                  "  The CMAKE_CXX_COMPILER:\n"
                                  "\n"
                                  "    broken-c++\n"
                                  "-- Configuring incomplete, errors occurred!\n"),
                ElementsAre("CMake Error at CMakeLists.txt:9 (project):",
                            "  The CMAKE_CXX_COMPILER:", "    broken-c++"));
}

TEST(LinesThatMatter, WithoutAnErrorAreTheLastOnes) {
    EXPECT_THAT(lines_that_matter("one\ntwo\n\nthree  \r\n", 2), ElementsAre("two", "three"));
    EXPECT_THAT(lines_that_matter(""), ElementsAre());
}

class CommandsTest : public ::testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::path(::testing::TempDir()) /
                  (::testing::UnitTest::GetInstance()->current_test_info()->name() +
                   std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override {
        std::filesystem::remove_all(folder_);
    }
    std::filesystem::path folder_;
};

TEST_F(CommandsTest, LogWhatRanAndWhatItPrinted) {
    Result<Commands> commands = Commands::with_log(folder_ / "a.log", {});
    ASSERT_TRUE(commands);
    const auto good = commands->run("greeting", {"/bin/sh", "-c", "echo hello; echo there >&2"});
    ASSERT_TRUE(good);
    EXPECT_EQ(good->ending, Ending::good);
    EXPECT_EQ(good->output, "hello\nthere\n");
    const auto bad = commands->run("failing", {"/bin/sh", "-c", "echo no; exit 3"});
    ASSERT_TRUE(bad);
    EXPECT_EQ(bad->ending, Ending::failed);
    EXPECT_EQ(bad->how, "exit code 3");
    EXPECT_EQ(*read_file(folder_ / "a.log"),
              "# greeting\n$ /bin/sh -c echo hello; echo there >&2\nhello\nthere\n"
              "# failing\n$ /bin/sh -c echo no; exit 3\nno\n");
}

TEST_F(CommandsTest, TellAboutTheLastLine) {
    std::vector<std::string> lines;
    Result<Commands> commands = Commands::with_log(
        folder_ / "a.log", [&](const std::string& step, double, const std::string& line) {
            lines.push_back(step + ": " + line);
        });
    ASSERT_TRUE(commands);
    ASSERT_TRUE(commands->run("step", {"/bin/sh", "-c", "printf 'one\\ntwo\\n\\n'"}));
    EXPECT_EQ(lines.back(), "step: two");
}

// pip removes what it has unpacked when it gets SIGINT, and only then.
TEST_F(CommandsTest, AreInterruptedAsByCtrlC) {
    Result<Commands> commands = Commands::with_log(folder_ / "a.log", {});
    ASSERT_TRUE(commands);
    const std::string script =
        "trap 'echo cleared > \"$0\"; exit 1' INT; kill -INT $PPID; while :; do sleep 0.01; done";
    const auto finished =
        commands->run("interrupted", {"/bin/sh", "-c", script, (folder_ / "file").string()});
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->ending, Ending::interrupted);
    EXPECT_EQ(read_file(folder_ / "file").value_or("not cleared"), "cleared\n");
}

TEST_F(CommandsTest, EndAfterTheirBudget) {
    Result<Commands> commands = Commands::with_log(folder_ / "a.log", {});
    ASSERT_TRUE(commands);
    const auto finished =
        commands->run("endless", {"/usr/bin/tail", "-f", "/dev/null"}, std::chrono::seconds(0));
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->ending, Ending::timed_out);
    EXPECT_EQ(finished->how, "longer than 0 s");
}

TEST_F(CommandsTest, ThatCannotBeStartedAreErrors) {
    Result<Commands> commands = Commands::with_log(folder_ / "a.log", {});
    ASSERT_TRUE(commands);
    const auto missing = commands->run("x", {(folder_ / "missing").string()});
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().what, HasSubstr("No such file"));
    EXPECT_FALSE(Commands::with_log(folder_ / "no folder" / "a.log", {}));
}

}  // namespace
}  // namespace exportgate::environment
