#include "environment/installed.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "base/files.h"
#include "environment/add.h"
#include "environment/lock.h"
#include "environment/sources.h"

namespace exportgate::environment {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// An environment as `env add` leaves it: files of a torch, of a worker and its sources, of a case.
class InstalledTest : public ::testing::Test {
  protected:
    void SetUp() override {
        root_ = fs::path(::testing::TempDir()) /
                (::testing::UnitTest::GetInstance()->current_test_info()->name() +
                 std::to_string(::getpid()));
        fs::remove_all(root_);
        write("sources/CMakeLists.txt", "project(worker)");
        write("sources/src/main.cpp", "int main() {}");
        write("torch/version.py", "__version__ = '2.10.0+cpu'\n");
        write("python", "");
        write("cases/mine/native.cpp", "// native");
        write("cases/other/case.py", "");

        installed_.places = layout(root_ / "environments", "own");
        installed_.python = root_ / "python";
        installed_.cases = root_ / "cases";
        installed_.facts = {"own",          "2.10.0", "2.10.0+cpu",         "3.11.7",
                            "linux-x86_64", 1,        {{"torch", "2.10.0"}}};
        installed_.sources_digest = *sources_digest(root_ / "sources");
        installed_.natives = {{"mine", ""}};
        write("environments/own/worker/exportgate-worker", "");
        write("environments/own/worker/built_for",
              "TORCH_VERSION_FILE=" + (root_ / "torch/version.py").string() +
                  "\nTORCH_BUILD=2.10.0+cpu\nPYTHON_VERSION=3.11.7\nCXX11_ABI=1\n");
        write("environments/own/worker/built_from/native/mine/native.cpp", "// native");
    }
    void TearDown() override {
        fs::remove_all(root_);
    }

    void write(const std::string& path, const std::string& text) {
        ASSERT_TRUE(write_file(root_ / path, text));
    }
    std::vector<std::string> found() {
        std::vector<std::string> whats;
        for (const Obstacle& obstacle :
             obstacles(installed_, root_ / "sources", native_cases(root_ / "cases")))
            whats.push_back(obstacle.what + " | " + obstacle.remedy);
        return whats;
    }
    std::string refusal(const std::string& name) {
        const Result<Installed> loaded = load(root_ / "environments", name);
        return loaded ? "loaded" : to_string(loaded.error());
    }

    fs::path root_;
    Installed installed_;
};

TEST_F(InstalledTest, IsReadAsItWasWritten) {
    installed_.own_venv = true;
    installed_.natives["broken"] = "broken/native.cpp:1:2: error: no";
    ASSERT_TRUE(save(installed_));
    const Result<Installed> loaded = load(root_ / "environments", "own");
    ASSERT_TRUE(loaded) << to_string(loaded.error());
    EXPECT_EQ(loaded->python, installed_.python);
    EXPECT_EQ(loaded->own_venv, true);
    EXPECT_EQ(loaded->cases, installed_.cases);
    EXPECT_EQ(loaded->facts, installed_.facts);
    EXPECT_EQ(loaded->sources_digest, installed_.sources_digest);
    EXPECT_EQ(loaded->natives, installed_.natives);
    EXPECT_EQ(loaded->stands_on, "");
    EXPECT_EQ(loaded->with, std::nullopt) << "as those that were added before it was kept";
}

TEST_F(InstalledTest, OneOnTopOfAnInterpreterIsReadAsItWasWritten) {
    installed_.own_venv = true;
    installed_.stands_on = "/opt/python";
    installed_.with = std::vector<std::string>{"one==1", "two"};
    ASSERT_TRUE(save(installed_));
    const Result<Installed> loaded = load(root_ / "environments", "own");
    ASSERT_TRUE(loaded) << to_string(loaded.error());
    EXPECT_EQ(loaded->stands_on, "/opt/python");
    EXPECT_EQ(loaded->with, installed_.with);
}

TEST_F(InstalledTest, TheInterpreterThatItStandsOnIsGone) {
    installed_.own_venv = true;
    installed_.stands_on = "/gone/python";
    EXPECT_THAT(found(), ElementsAre("the Python that it stands on is gone (/gone/python) | "
                                     "`exportgate env remove own`, and add it anew"));
}

/// What keeps `installed_` from being what is asked for.
class DifferenceTest : public InstalledTest {
  protected:
    static Request torch(const std::string& version) {
        Request request;
        request.torch = version;
        return request;
    }
    Request interpreter() const {
        Request request;
        request.python = (root_ / "python").string();
        return request;
    }
};

TEST_F(DifferenceTest, IsTheTorch) {
    installed_.own_venv = true;
    EXPECT_EQ(difference(installed_, torch("2.10.0")), "");
    EXPECT_EQ(difference(installed_, torch("2.10.0+cpu")), "");
    EXPECT_EQ(difference(installed_, torch("2.9.1")), "has torch 2.10.0+cpu");
}

TEST_F(DifferenceTest, IsNotThatAnInterpreterWasNamedWhichHasThatTorch) {
    installed_.own_venv = false;
    EXPECT_EQ(difference(installed_, torch("2.10.0")), "");
    EXPECT_EQ(difference(installed_, torch("2.9.1")), "has torch 2.10.0+cpu");
}

TEST_F(DifferenceTest, IsTheInterpreter) {
    EXPECT_EQ(difference(installed_, interpreter()), "");
    installed_.python = "/opt/python";
    EXPECT_EQ(difference(installed_, interpreter()), "is the Python /opt/python");
    installed_.own_venv = true;
    installed_.stands_on = root_ / "python";
    EXPECT_THAT(difference(installed_, interpreter()), HasSubstr("with packages of its own"));
}

TEST_F(DifferenceTest, IsTheRequirements) {
    installed_.own_venv = true;
    installed_.with = std::vector<std::string>{"one==1"};
    Request request = torch("2.10.0");
    EXPECT_EQ(difference(installed_, request), "") << "nothing was said about them";
    request.with = std::vector<std::string>{"one==1"};
    EXPECT_EQ(difference(installed_, request), "");
    request.with = std::vector<std::string>{"one==2"};
    EXPECT_EQ(difference(installed_, request), "was added with one==1");
    request.with = std::vector<std::string>{};
    EXPECT_EQ(difference(installed_, request), "was added with one==1");
    installed_.with.reset();
    EXPECT_EQ(difference(installed_, request), "") << "nothing is known of them";
}

TEST_F(DifferenceTest, IsWhatItStandsOn) {
    Request request = interpreter();
    request.with = std::vector<std::string>{"one==1"};
    EXPECT_THAT(difference(installed_, request), HasSubstr("is the Python"));
    installed_.own_venv = true;
    EXPECT_EQ(difference(installed_, request), "has torch 2.10.0+cpu of its own");
    installed_.stands_on = "/opt/python";
    EXPECT_EQ(difference(installed_, request), "stands on the Python /opt/python");
    installed_.stands_on = root_ / "python";
    installed_.with = request.with;
    EXPECT_EQ(difference(installed_, request), "");
}

TEST_F(InstalledTest, IsUsableWhileNothingChanged) {
    EXPECT_THAT(found(), IsEmpty());
}

TEST_F(InstalledTest, NoticesANativeSourceThatChanged) {
    write("cases/mine/native.cpp", "// edited");
    EXPECT_THAT(found(),
                ElementsAre((root_ / "cases/mine/native.cpp").string() +
                            " has changed since the native module of mine was built | `exportgate "
                            "env update own --cases " +
                            (root_ / "cases").string() + "`"));
}

TEST_F(InstalledTest, NoticesANativeSourceThatWasNeverBuilt) {
    write("cases/other/native.cpp", "");
    EXPECT_THAT(found(), ElementsAre(HasSubstr("native.cpp of other was never built for it")));
}

TEST_F(InstalledTest, NoticesSourcesOfTheWorkerThatChanged) {
    write("sources/src/main.cpp", "int main() { return 1; }");
    EXPECT_THAT(found(), ElementsAre("the worker's sources changed since it was built | "
                                     "`exportgate env update own`"));
    write("sources/src/main.cpp", "int main() {}");
    EXPECT_THAT(found(), IsEmpty());
    write("sources/src/more.cpp", "");
    EXPECT_THAT(found(), ElementsAre(HasSubstr("the worker's sources changed")));
}

TEST_F(InstalledTest, NoticesAnotherTorch) {
    write("torch/version.py", "__version__ = '2.11.0+cpu'\n");
    EXPECT_THAT(found(), ElementsAre(HasSubstr("its torch or Python was replaced")));
    fs::remove(root_ / "torch/version.py");
    EXPECT_THAT(found(), ElementsAre(HasSubstr("its torch or Python was replaced")));
}

TEST_F(InstalledTest, NoticesWhatIsGone) {
    fs::remove(installed_.places.worker);
    EXPECT_THAT(found(), ElementsAre(HasSubstr("its worker is gone")));
    fs::remove(installed_.python);
    EXPECT_THAT(found(), ElementsAre(HasSubstr("its Python is gone")));
}

TEST_F(InstalledTest, NoticesAnUpdateThatFailed) {
    installed_.sources_digest.clear();
    EXPECT_THAT(found(), ElementsAre(HasSubstr("its worker was never finished")));
}

TEST_F(InstalledTest, IsRefusedWhereItCannotBeRead) {
    EXPECT_THAT(refusal("own"), HasSubstr("environment \"own\" was never finished"));
    EXPECT_THAT(refusal("onw"), HasSubstr("did you mean \"own\"?"));
    EXPECT_THAT(refusal("../own"), HasSubstr("cannot be the name of an environment"));
    for (const std::string text :
         {"", "{", "[]", "{\"format\": 1}", "{\"format\": 2}", "{\"format\": \"1\"}"}) {
        write("environments/own/environment.json", text);
        EXPECT_THAT(refusal("own"), HasSubstr("environment.json")) << text;
        EXPECT_THAT(refusal("own"), HasSubstr("exportgate env remove own")) << text;
    }
}

TEST(Names, AreThoseOfFolders) {
    for (const std::string good : {"2.10.0", "nightly", "2.15.0.dev20261101+cpu", "a_b-C"})
        EXPECT_TRUE(check_name(good)) << good;
    const std::string too_long(65, 'a');
    for (const std::string& bad :
         std::vector<std::string>{"", ".", "..", "-x", "a/b", "a b", "ä", "a\n", too_long})
        EXPECT_FALSE(check_name(bad)) << bad;
}

TEST(Lock, IsHeldByOneAtATime) {
    const fs::path file = fs::path(::testing::TempDir()) /
                          ("exportgate-lock-test" + std::to_string(::getpid())) / "lock";
    {
        const Result<Lock> first = Lock::take(file);
        ASSERT_TRUE(first);
        const Result<Lock> second = Lock::take(file);
        ASSERT_FALSE(second);
        EXPECT_THAT(second.error().what, HasSubstr("another exportgate is at work"));
    }
    EXPECT_TRUE(Lock::take(file));
    fs::remove_all(file.parent_path());
}

}  // namespace
}  // namespace exportgate::environment
