#include "project/project.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "base/files.h"

namespace exportgate::project {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The current folder is one of the test's own.
class ProjectTest : public ::testing::Test {
  protected:
    ProjectTest() : before_(fs::current_path()) {
        std::string pattern = (fs::temp_directory_path() / "exportgate-project-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        fs::current_path(folder_);
    }
    ~ProjectTest() override {
        fs::current_path(before_);
        fs::remove_all(folder_);
    }

    static void write(const std::string& text, const fs::path& file = file_name) {
        ASSERT_TRUE(write_file(file, text));
    }
    static void enter(const fs::path& folder) {
        fs::create_directories(folder);
        fs::current_path(folder);
    }
    static std::vector<std::string> mistakes_of(const std::string& text) {
        write(text);
        std::vector<std::string> texts;
        for (const Error& error : current().mistakes)
            texts.push_back(to_string(error));
        return texts;
    }

  private:
    fs::path before_;
    fs::path folder_;
};

const std::string whole = R"(# where mine are
cases = "my cases"
golden = "../golden"
recordings = "/records"
environment = "hf"

[environments.hf]
torch = "2.13.0"
with = ["transformers==5.23.0", "optree"]
venv_from = "python3.12"

[environments.mine]
python = "venv/bin/python"

[environments."2.10.0"]
)";

TEST_F(ProjectTest, IsTheCheckoutsOwnWithoutAFile) {
    const Project project = current();
    EXPECT_EQ(project.file, "");
    EXPECT_EQ(project.cases, "cases");
    EXPECT_EQ(project.golden, "golden");
    EXPECT_EQ(project.recordings, "tests/recordings");
    EXPECT_EQ(project.state, ".exportgate");
    EXPECT_EQ(project.environment, "default");
    EXPECT_EQ(project.environment_line, 0);
    EXPECT_THAT(project.mistakes, IsEmpty());
}

TEST_F(ProjectTest, IsReadFromTheFileInTheCurrentFolder) {
    write(whole);
    const Project project = current();
    ASSERT_THAT(project.mistakes, IsEmpty());
    EXPECT_EQ(project.file, "exportgate.toml");
    EXPECT_EQ(project.cases, "my cases");
    EXPECT_EQ(project.golden, "../golden");
    EXPECT_EQ(project.recordings, "/records");
    EXPECT_EQ(project.state, ".exportgate");
    EXPECT_EQ(project.environment, "hf");
    EXPECT_EQ(project.environment_line, 5);
    ASSERT_EQ(project.environments.size(), 3U);
    const DeclaredEnvironment* hf = project.declared("hf");
    ASSERT_NE(hf, nullptr);
    EXPECT_EQ(hf->line, 7);
    EXPECT_EQ(hf->torch, "2.13.0");
    EXPECT_THAT(hf->with, ElementsAre("transformers==5.23.0", "optree"));
    EXPECT_EQ(hf->venv_from, "python3.12") << "a name on the PATH stays one";
    EXPECT_EQ(project.declared("mine")->python, "venv/bin/python");
    EXPECT_EQ(project.declared("2.10.0")->torch, "") << "its name says it";
    EXPECT_EQ(project.declared("other"), nullptr);
}

TEST_F(ProjectTest, SaysWherePackagesAre) {
    enter("src");
    enter("..");
    write("pythonpath = [\".\", \"src\"]\n" + whole);
    EXPECT_THAT(current().pythonpath, ElementsAre(".", "src"));
    enter("src");
    EXPECT_THAT(current().pythonpath, ElementsAre("..", "../src"));
    enter("..");
    EXPECT_THAT(mistakes_of("pythonpath = [\"lib\", 7]\n" + whole),
                ElementsAre(testing::HasSubstr(
                                "exportgate.toml:1: pythonpath names \"lib\", which is no folder"),
                            testing::HasSubstr("exportgate.toml:1: pythonpath holds an integer")));
}

TEST_F(ProjectTest, RefusesFoldersOfPackagesThatPythonCannotUse) {
    enter("one:two");
    enter("..");
    EXPECT_THAT(mistakes_of("pythonpath = [\"one:two\"]\n"),
                ElementsAre(testing::HasSubstr("exportgate.toml:1: pythonpath names \"one:two\", "
                                               "and Python takes the colon")));
    enter("src/torch");
    enter("../..");
    write("", "src/torch/__init__.py");
    EXPECT_THAT(mistakes_of("pythonpath = [\"src\"]\n"),
                ElementsAre(testing::HasSubstr(
                    "pythonpath names \"src\", whose torch/__init__.py hides torch")));
}

TEST_F(ProjectTest, IsFoundFromTheCurrentFolderUpwards) {
    write(whole);
    enter("cases/mine");
    const Project project = current();
    EXPECT_EQ(project.file, "../../exportgate.toml");
    EXPECT_EQ(project.cases, "../../my cases");
    EXPECT_EQ(project.golden, "../../../golden");
    EXPECT_EQ(project.recordings, "/records");
    EXPECT_EQ(project.state, "../../.exportgate");
    EXPECT_EQ(project.declared("mine")->python, "../../venv/bin/python");
}

TEST_F(ProjectTest, OfTwoTheNearestIsTaken) {
    write("environment = \"outer\"\n");
    enter("inner");
    write("");
    const Project project = current();
    EXPECT_EQ(project.file, "exportgate.toml");
    EXPECT_EQ(project.environment, "default");
    EXPECT_EQ(project.recordings, "recordings") << "of a project, not of exportgate's checkout";
}

TEST_F(ProjectTest, EveryMistakeIsReportedWithItsLine) {
    EXPECT_THAT(mistakes_of("case = \"cases\"\ngolden = 3\nenvironment = \"\"\n"
                            "[environments.hf]\ntorch = 2.13\nwhith = []\n"),
                ElementsAre("exportgate.toml:1: unknown key \"case\" (did you mean \"cases\"?)",
                            "exportgate.toml:2: golden is an integer, expected a string",
                            "exportgate.toml:3: environment is empty (leave the line away for what "
                            "is usual)",
                            "exportgate.toml:5: torch is a floating-point number, expected a "
                            "string",
                            "exportgate.toml:6: unknown key \"whith\" in [environments.hf] (did "
                            "you mean \"with\"?)"));
}

TEST_F(ProjectTest, AFileWithMistakesSaysNothingElse) {
    write("cases = \"mine\"\nenvironmen = \"hf\"\n");
    const Project project = current();
    EXPECT_EQ(project.cases, "cases");
    EXPECT_EQ(project.mistakes.size(), 1U);
}

TEST_F(ProjectTest, WhatIsNoTomlIsSaid) {
    const std::vector<std::string> mistakes = mistakes_of("cases = \"a\"\ngolden = golden\n");
    ASSERT_EQ(mistakes.size(), 1U);
    EXPECT_THAT(mistakes.front(), ::testing::StartsWith("exportgate.toml:2: not TOML: "));
}

TEST_F(ProjectTest, AKeyBelowATableIsNotOfTheTable) {
    EXPECT_THAT(mistakes_of("[environments.hf]\ntorch = \"2.13.0\"\nenvironment = \"hf\"\n"),
                ElementsAre("exportgate.toml:3: unknown key \"environment\" in [environments.hf] "
                            "(move it above the first line like [environments.NAME])"));
}

TEST_F(ProjectTest, ConsumersOfAllPrograms) {
    write(
        "consumers = [\"onnx\", \"aoti\", \"onnx\"]\n"
        "consumer_command = [\"{python}\", \"./mine.py\", \"--fast\"]\n");
    enter("below");
    const Project project = current();
    EXPECT_THAT(project.mistakes, IsEmpty());
    EXPECT_THAT(project.consumers, ElementsAre("aoti", "onnx"));
    const std::string mine = (fs::current_path().parent_path() / "mine.py").string();
    EXPECT_THAT(project.consumer_command, ElementsAre("{python}", mine, "--fast"));
}

TEST_F(ProjectTest, MistakesInConsumers) {
    EXPECT_THAT(mistakes_of("consumers = [\"anox\", 3]\nconsumer_command = [\"\"]\n"),
                ElementsAre("exportgate.toml:1: \"consumers\" holds an integer, expected strings "
                            "(write consumers = [\"aoti\"])",
                            "exportgate.toml:1: unknown consumer \"anox\" (did you mean "
                            "\"onnx\"?)",
                            "exportgate.toml:2: consumer_command holds what is no text, or an "
                            "empty one (write consumer_command = [\"{python}\", "
                            "\"./my_consumer.py\"])"));
    EXPECT_THAT(mistakes_of("consumer_command = []\n"),
                ElementsAre("exportgate.toml:1: consumer_command is empty (name a program, or "
                            "leave it away)"));
}

TEST_F(ProjectTest, TablesThatAreNone) {
    EXPECT_THAT(mistakes_of("environments = [\"hf\"]\n"),
                ElementsAre("exportgate.toml:1: environments is an array, expected a table for "
                            "each environment (write [environments.NAME] and torch = \"...\" "
                            "below)"));
    EXPECT_THAT(mistakes_of("[environments]\nhf = \"2.13.0\"\n"),
                ElementsAre("exportgate.toml:2: environments.hf is a string, expected a table "
                            "(write [environments.hf] and torch = \"...\" below)"));
    EXPECT_THAT(mistakes_of("[environment.hf]\ntorch = \"2.13.0\"\n"),
                ElementsAre("exportgate.toml:1: environment is a table, expected the name of one "
                            "(did you mean [environments.NAME]?)"));
}

TEST_F(ProjectTest, AnEnvironmentSaysWhichTorchOnce) {
    EXPECT_THAT(mistakes_of("[environments.hf]\nwith = [\"optree\"]\n"),
                ElementsAre("exportgate.toml:1: [environments.hf] does not say which torch (write "
                            "torch = \"2.13.0\", or python = "
                            "\"/an/interpreter/that/has/torch\")"));
    EXPECT_THAT(mistakes_of("[environments.hf]\ntorch = \"2.13.0\"\npython = \"python3\"\n"),
                ElementsAre("exportgate.toml:1: [environments.hf] has python, an interpreter that "
                            "has torch already, and torch (leave one of them away)"));
    EXPECT_THAT(mistakes_of("[environments.hf]\nvenv_from = \"a\"\npython = \"python3\"\n"),
                ElementsAre("exportgate.toml:1: [environments.hf] has python, an interpreter that "
                            "has torch already, and venv_from (leave one of them away)"));
    EXPECT_THAT(mistakes_of("[environments.hf]\ntorch = \"newest\"\n"),
                ElementsAre("exportgate.toml:2: \"newest\" is not a torch version (write it like "
                            "2.13.0, 2.14.0rc2 or 2.15.0.dev20261101)"));
    EXPECT_THAT(mistakes_of("[environments.\"2.10.0\"]\ntorch = \"2.13.0\"\n"),
                ElementsAre("exportgate.toml:1: an environment named \"2.10.0\" cannot have torch "
                            "2.13.0 (name it after its torch, or by a word)"));
    EXPECT_THAT(mistakes_of("[environments.\"2.10\"]\ntorch = \"2.10.0\"\n"), IsEmpty());
}

TEST_F(ProjectTest, NamesThatAreNone) {
    const std::vector<std::string> mistakes =
        mistakes_of("environment = \"a/b\"\n[environments.\"c d\"]\ntorch = \"2.13.0\"\n");
    ASSERT_EQ(mistakes.size(), 2U);
    EXPECT_THAT(mistakes[0],
                ::testing::StartsWith("exportgate.toml:1: \"a/b\" cannot be the name"));
    EXPECT_THAT(mistakes[1],
                ::testing::StartsWith("exportgate.toml:2: \"c d\" cannot be the name"));
}

TEST_F(ProjectTest, RequirementsAtTheTopAreForEveryEnvironment) {
    write(
        "with = [\"transformers==5.23.0\", \"optree\"]\n"
        "[environments.\"2.14.1\"]\n"
        "[environments.hf]\ntorch = \"2.13.0\"\nwith = [\"Transformers[torch]>=5\", \"numpy\"]\n");
    const Project project = current();
    ASSERT_THAT(project.mistakes, IsEmpty());
    EXPECT_THAT(project.with, ElementsAre("transformers==5.23.0", "optree"));
    EXPECT_THAT(project.declared("2.14.1")->with, ElementsAre("transformers==5.23.0", "optree"));
    EXPECT_THAT(project.declared("hf")->with,
                ElementsAre("optree", "Transformers[torch]>=5", "numpy"))
        << "what it asks for itself wins";
    EXPECT_THAT(mistakes_of("with = \"optree\"\n"),
                ElementsAre("exportgate.toml:1: with is a string, expected an array"));
}

TEST_F(ProjectTest, RequirementsAreTextsForPipAndNoOptions) {
    const std::vector<std::string> mistakes = mistakes_of(
        "[environments.hf]\ntorch = \"2.13.0\"\nwith = [\"optree\",\n 3,\n \"--pre\"]\n");
    ASSERT_EQ(mistakes.size(), 2U);
    EXPECT_EQ(mistakes[0], "exportgate.toml:4: with holds an integer, expected strings");
    EXPECT_THAT(
        mistakes[1],
        ::testing::StartsWith("exportgate.toml:5: with holds \"--pre\", which is no requirement"));
    EXPECT_THAT(mistakes_of("[environments.hf]\ntorch = \"2.13.0\"\nwith = \"optree\"\n"),
                ElementsAre("exportgate.toml:3: with is a string, expected an array"));
}

TEST_F(ProjectTest, AFolderOfThatNameCannotBeRead) {
    fs::create_directory(file_name);
    ASSERT_EQ(current().mistakes.size(), 1U);
    EXPECT_EQ(current().mistakes.front().file, "exportgate.toml");
}

}  // namespace
}  // namespace exportgate::project
