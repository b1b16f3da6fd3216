#include "run/unchanged.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>

#include "base/files.h"
#include "run/case_files.h"
#include "run/digest.h"
#include "run/environment_digest.h"
#include "run/made_of.h"

namespace exportgate::run {
namespace {

namespace fs = std::filesystem;
using record::IngredientKind;

class UnchangedTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) /
                  (testing::UnitTest::GetInstance()->current_test_info()->name() +
                   std::to_string(::getpid()));
        fs::remove_all(folder_);
        write("cases/mine/case.toml", "class = \"C\"\n");
        write("cases/mine/case.py", "class C: pass\n");
        write("cases/helper.py", "one = 1\n");
        write("src/pkg/__init__.py", "");
        write("data/names/a.txt", "");
        write("worker/exportgate-worker", "binary");
        write("worker/exportgate_worker/cell.py", "code");
        write("worker/built_for", "TORCH_VERSION_FILE=" + at("site/torch/version.py") +
                                      "\nTORCH_BUILD=2.13.0+cpu\nPYTHON_VERSION=3.11.2\n"
                                      "CXX11_ABI=1\n");
        write("site/torch/version.py", "__version__ = '2.13.0+cpu'\n");
        write("site/small.py", "one = 1\n");
        write("site/small-1.0.dist-info/RECORD", "small.py,,\nsmall-1.0.dist-info/RECORD,,\n");
        write("site/link.pth", at("src") + "\n");
        ::setenv("UNCHANGED_TEST", "1", 1);

        matrix::Case mine;
        mine.name = "mine";
        mine.class_name = "C";
        mine.directory = folder_ / "cases" / "mine";
        mine.kinds = {matrix::Kind::plain};
        mine.modes = {matrix::Mode::nonstrict};
        mine.dims_styles = {matrix::DimsStyle::fixed};
        mine.pairs = {{"p", {}}};
        cases_ = {mine};
        cells_ = matrix::cells_of(cases_);
        options_.worker = folder_ / "worker" / "exportgate-worker";
        record_ = observed();
    }
    void TearDown() override {
        fs::remove_all(folder_);
    }

    std::string at(const std::string& path) const {
        return (folder_ / path).string();
    }
    void write(const fs::path& file, const std::string& text) {
        ASSERT_TRUE(write_file(folder_ / file, text));
    }

    /// As a run would keep it, of a cell that used all that there is.
    record::Record observed() {
        record::Record made;
        made.header.environment = {"default", "2.13.0", "2.13.0+cpu", "3.11.2", "", 1, {}};
        made.header.made_by = "this";
        made.header.observed_at = time_now();
        made.header.cases = cases_;
        made.header.checks = {{"run", 1}};
        made.header.cells = {cells_.front().name()};
        record::Observation seen{cells_.front().name(), record::Crashed{"export", 11, 0}, {}, ""};
        seen.made_of = record::Ingredients{{IngredientKind::file, at("cases/helper.py"), ""},
                                           {IngredientKind::file, at("data/later.txt"), ""},
                                           {IngredientKind::modules, at("src/pkg"), ""},
                                           {IngredientKind::names, at("data/names"), ""},
                                           {IngredientKind::variable, "UNCHANGED_TEST", ""}};
        made.observations = {seen};
        made.footer.complete = true;
        MadeOfBefore before = look_before(cells_, cases_, options_).value();
        before.since = file_time_now() + 1'000'000'000;  // the files were made a moment ago
        keep_made_of(made, before, {at("site"), at("src")}, cases_, options_);
        return made;
    }

    std::string reason(const record::Record& record) {
        return Unchanged(record, cases_, options_, "this").reason(cells_.front());
    }
    std::string reason() {
        return reason(record_);
    }

    fs::path folder_;
    std::vector<matrix::Case> cases_;
    std::vector<matrix::Cell> cells_;
    Options options_;
    record::Record record_;
};

/// What `accept` asks.
TEST_F(UnchangedTest, WhatAnOutcomeWasMadeOfWasEdited) {
    const auto edited = [&] {
        return what_was_edited(cases_.front(), record::files_of_case(record_, "mine")).value();
    };
    EXPECT_EQ(edited(), "");
    write("src/pkg/other.py", "");
    write("worker/exportgate_worker/cell.py", "other code");
    write("cases/mine/case.toml", "class = \"C\"\n\n[[waivers]]\ncells = []\n");
    EXPECT_EQ(edited(), "") << "neither environment nor waivers are edited cases";
    write("cases/helper.py", "one = 2\n");
    EXPECT_THAT(edited(), testing::HasSubstr("case mine used <cases>/helper.py, which was edited"));
    write("cases/helper.py", "one = 1\n");
    write("data/later.txt", "now\n");
    EXPECT_THAT(edited(), testing::HasSubstr("<cases>/../data/later.txt, which was edited"));
    fs::remove(folder_ / "data/later.txt");
    write("cases/mine/case.py", "class C: x = 1\n");
    EXPECT_THAT(edited(), testing::HasSubstr("case mine was edited since"));
}

TEST_F(UnchangedTest, WhatIsNotKnownOfAnOutcomeWasEdited) {
    auto files = record::files_of_case(record_, "mine");
    record_.header.made_of->cases.clear();
    const auto unknown = record::files_of_case(record_, "mine");
    EXPECT_THAT(*what_was_edited(cases_.front(), unknown), testing::HasSubstr("changed while"));
    files.others = {{IngredientKind::unknown, "<cases>/x.py changed while the cells ran", ""}};
    EXPECT_THAT(*what_was_edited(cases_.front(), files), testing::HasSubstr("<cases>/x.py"));
    EXPECT_EQ(record::files_of_case(record_, "min").folder, "");
    EXPECT_TRUE(record::files_of_case(record_, "min").others.empty());
}

/// A native module is of the worker: another machine may have none.
TEST_F(UnchangedTest, TheDigestOfACaseDoesNotHangOnItsNativeModule) {
    write("cases/mine/native.cpp", "int one;\n");
    const auto without = case_digest(cases_.front(), options_.worker);
    write("worker/native/mine/native_mine.so", "binary");
    const auto with = case_digest(cases_.front(), options_.worker);
    ASSERT_TRUE(without && with);
    EXPECT_NE(*without, *with);
    for (const auto& digest : {*without, *with})
        EXPECT_TRUE(is_digest_of(cases_.front(), digest).value());
    write("cases/mine/native.cpp", "int two;\n");
    for (const auto& digest : {*without, *with})
        EXPECT_FALSE(is_digest_of(cases_.front(), digest).value());
}

TEST_F(UnchangedTest, HoldsWhereNothingChanged) {
    EXPECT_EQ(reason(), "");
    write("cases/other/case.py", "of another case\n");
    write("src/pkg/notes.txt", "no module\n");
    write("src/pkg/__pycache__/a.cpython-311.pyc", "byte code\n");
    EXPECT_EQ(reason(), "");
}

TEST_F(UnchangedTest, AFileThatWasOpened) {
    write("cases/helper.py", "one = 2\n");
    EXPECT_EQ(reason(), "<cases>/helper.py changed");
}

TEST_F(UnchangedTest, AFileThatWasNotThere) {
    write("data/later.txt", "now\n");
    EXPECT_EQ(reason(), "<cases>/../data/later.txt changed");
}

TEST_F(UnchangedTest, AFileOfTheCase) {
    write("cases/mine/case.toml", "class = \"D\"\n");
    EXPECT_EQ(reason(), "the case mine changed");
}

TEST_F(UnchangedTest, AModuleThatHidesAnother) {
    write("src/pkg/other/__init__.py", "");
    EXPECT_EQ(reason(), "the modules in <cases>/../src/pkg");
    fs::remove_all(folder_ / "src/pkg/other");
    EXPECT_EQ(reason(), "");
    write("cases/json.py", "");
    EXPECT_EQ(reason(), "the case mine changed");
}

TEST_F(UnchangedTest, ANameInAFolderThatWasListed) {
    write("data/names/b.txt", "");
    EXPECT_EQ(reason(), "the names in <cases>/../data/names");
}

TEST_F(UnchangedTest, AVariableThatWasRead) {
    ::setenv("UNCHANGED_TEST", "2", 1);
    EXPECT_EQ(reason(), "the variable UNCHANGED_TEST");
    ::unsetenv("UNCHANGED_TEST");
    EXPECT_EQ(reason(), "the variable UNCHANGED_TEST");
}

TEST_F(UnchangedTest, TheEnvironment) {
    const std::string before = environment_digest(options_.worker, any_time);
    EXPECT_EQ(before, environment_digest(options_.worker, any_time));
    for (const auto& [file, text] : std::vector<std::pair<std::string, std::string>>{
             {"site/small-1.0.dist-info/RECORD", "small.py,,\n"},
             {"site/small.py", "one = 33\n"},
             {"site/link.pth", at("elsewhere") + "\n"},
             {"site/new.py", "hides what comes after it\n"},
             {"src/another.py", "in a folder of a .pth file\n"}}) {
        SCOPED_TRACE(file);
        record_ = observed();
        ASSERT_EQ(reason(), "");
        write(file, text);
        EXPECT_EQ(reason(), "the environment changed");
    }
    record_ = observed();
    ::setenv("PYTHONPATH", at("elsewhere").c_str(), 1);
    EXPECT_EQ(reason(), "the environment changed");
    ::unsetenv("PYTHONPATH");
    EXPECT_EQ(reason(), "");
    write("site/torch/version.py", "__version__ = '2.14.0+cpu'\n");
    EXPECT_EQ(reason(), "the environment changed");
}

TEST_F(UnchangedTest, AnEnvironmentThatIsNotKnownIsAnother) {
    fs::remove(folder_ / "worker/python_path");
    EXPECT_EQ(reason(), "the environment changed");
}

TEST_F(UnchangedTest, TheWorkerAndWhatIsAsked) {
    write("worker/exportgate_worker/cell.py", "other code");
    EXPECT_EQ(reason(), "the worker changed");
    write("worker/exportgate_worker/cell.py", "code");
    EXPECT_EQ(reason(), "");
    options_.seed = 7;
    EXPECT_EQ(reason(), "another seed");
    options_.seed = 0;
    options_.timeout = std::chrono::seconds(60);
    EXPECT_EQ(reason(), "other limits of time");
    options_.timeout = std::chrono::seconds(120);
    options_.checks = {"model"};
    EXPECT_EQ(reason(), "other checks");
    options_.checks = {};
    options_.environment = "nightly";
    EXPECT_EQ(reason(), "another environment");
}

TEST_F(UnchangedTest, WhatIsNotKnownHasChanged) {
    record::Record record = record_;
    record.observations[0].made_of.reset();
    EXPECT_EQ(reason(record), "it did not say what it was made of");
    record.observations[0].made_of =
        record::Ingredients{{IngredientKind::unknown, "starts the program true", ""}};
    EXPECT_EQ(reason(record), "starts the program true");
    record = record_;
    record.observations[0].result = record::Unobserved{"interrupted"};
    EXPECT_EQ(reason(record), "it was not observed");
    record::Exported exported;
    exported.checks = {
        {"run", record::CheckStatus::fail, {"timeout: longer than its budget of 20 s"}}};
    record.observations[0] = record_.observations[0];
    record.observations[0].result = exported;
    EXPECT_EQ(reason(record), "a check did not end");
    exported.checks[0].reasons = {"pair b3c5: differs from eager"};
    record.observations[0].result = exported;
    EXPECT_EQ(reason(record), "");
    exported.checks[0] = {"onnx", record::CheckStatus::not_applicable, {"not available: onnx"}};
    record.observations[0].result = exported;
    EXPECT_EQ(reason(record), "a consumer was not available");
    record = record_;
    record.header.cases[0].consumers = {"onnx"};
    EXPECT_EQ(reason(record), "other consumers");
    record.observations.clear();
    EXPECT_EQ(reason(record), "not in the record");
    record = record_;
    record.header.made_of.reset();
    EXPECT_EQ(reason(record), "the record does not say what its cells were made of");
    record = record_;
    record.header.made_of->cases.clear();
    EXPECT_EQ(reason(record), "the case mine changed");
    record = record_;
    record.footer = {false, "the file is cut in line 3", 0, {}};
    EXPECT_EQ(reason(record), "the record is not complete");
}

TEST_F(UnchangedTest, WhatChangedWhileTheCellsRanIsNotKnown) {
    MadeOfBefore before = look_before(cells_, cases_, options_).value();
    before.since = 1;  // long before the files were written
    record::Record made = record_;
    made.observations[0].made_of =
        record::Ingredients{{IngredientKind::file, at("cases/helper.py"), ""}};
    keep_made_of(made, before, {at("site")}, cases_, options_);
    EXPECT_EQ(made.observations[0].made_of->at(0),
              (record::Ingredient{IngredientKind::unknown,
                                  "<cases>/helper.py changed while the cells ran", ""}));
    EXPECT_EQ(made.header.made_of->environment, "");
    write("cases/mine/case.py", "class C: other\n");
    keep_made_of(made, before, {at("site")}, cases_, options_);
    EXPECT_TRUE(made.header.made_of->cases.empty());
}

}  // namespace
}  // namespace exportgate::run
