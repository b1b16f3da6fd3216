#include "environment/ask_python.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "environment/build.h"

namespace exportgate::environment {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr PythonModule modules[] = {
    {"__init__.py", ""},
    {"helper.py", "def twice(number):\n    return 2 * number\n"},
    {"main.py", R"(
import json, sys
from package_of_the_test.helper import twice

def main(arguments):
    request, answer, what = arguments
    asked = json.load(open(request))
    print("noise")
    if what == "exit":
        sys.exit("ModuleNotFoundError: what the user's code said")
    if what == "silent":
        return
    said = {"answer": {"twice": twice(asked["number"])},
            "refuse": {"error": {"what": "cannot", "remedy": "do"}},
            "half": {"error": "cannot"}}
    with open(answer, "w") as file:
        file.write("{" if what == "garbage" else json.dumps(said[what]))
)"},
};
constexpr PythonPackage package{"package_of_the_test", modules};

class AskPython : public ::testing::Test {
  protected:
    void SetUp() override {
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override {
        std::filesystem::remove_all(folder_);
    }

    Result<json> ask(const std::string& what) {
        Result<Commands> commands = Commands::with_log(folder_ / "log", nullptr);
        if (!commands) return tl::unexpected(commands.error());
        const Question question{"asking", "looked at a class", "look again", {what}};
        return ask_python(package, question, json{{"number", 21}}, "python3", folder_, *commands);
    }

    const std::filesystem::path folder_ = std::filesystem::path(::testing::TempDir()) /
                                          ("exportgate-ask-" + std::to_string(::getpid()));
};

TEST_F(AskPython, AnswersByAFile) {
    const Result<json> answer = ask("answer");
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(*answer, (json{{"twice", 42}}));
}

TEST_F(AskPython, RefusesInItsOwnWords) {
    const Result<json> answer = ask("refuse");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().what, "cannot");
    EXPECT_EQ(answer.error().remedy, "do");
}

TEST_F(AskPython, TellsWhatAProcessPrintedThatEndedEarly) {
    const Result<json> answer = ask("exit");
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().what,
                AllOf(HasSubstr("ended with exit code 1 while it looked at a class"),
                      HasSubstr("ModuleNotFoundError: what the user's code said")));
    EXPECT_EQ(answer.error().remedy, "look again");
}

TEST_F(AskPython, NeedsAnAnswerEvenOfAGoodEnd) {
    const Result<json> answer = ask("silent");
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().what, HasSubstr("ended with exit code 0 while it looked at"));
}

TEST_F(AskPython, IsNotDisturbedByFilesOfTheCurrentFolder) {
    const std::filesystem::path beside = folder_ / "beside";
    ASSERT_TRUE(write_file(beside / "json.py", "raise SystemExit('the json.py of the user')\n"));
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::current_path(beside);
    const Result<json> answer = ask("answer");
    std::filesystem::current_path(before);
    ASSERT_TRUE(answer) << to_string(answer.error());
    EXPECT_EQ(*answer, (json{{"twice", 42}}));
}

TEST_F(AskPython, DoesNotTakeWhatCannotBeRead) {
    for (const char* what : {"garbage", "half"}) {
        const Result<json> answer = ask(what);
        ASSERT_FALSE(answer);
        EXPECT_THAT(answer.error().what, HasSubstr("answered what cannot be read"));
    }
}

}  // namespace
}  // namespace exportgate::environment
