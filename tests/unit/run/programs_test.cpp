#include "run/programs.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "base/files.h"

namespace exportgate::run {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SavedPrograms : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) /
                  (testing::UnitTest::GetInstance()->current_test_info()->name() +
                   std::to_string(::getpid()));
        fs::remove_all(folder_);
    }
    void TearDown() override {
        fs::remove_all(folder_);
    }

    Programs of(const std::string& torch_build, const std::string& inputs = "i1") const {
        return {folder_, torch_build, inputs};
    }

    void write(const fs::path& file, const std::string& text) const {
        ASSERT_TRUE(write_file(folder_ / file, text));
    }

    /// What is said of the folder, where something is refused.
    template <class T>
    std::string refusal(const Result<T>& result) const {
        if (result) return "not refused";
        std::string text = to_string(result.error());
        const std::size_t at = text.find(folder_.string());
        return at == std::string::npos ? text : text.replace(at, folder_.string().size(), "DIR");
    }

    fs::path folder_;
};

const matrix::Cell one{"c", matrix::Kind::plain, matrix::Mode::strict, matrix::DimsStyle::named,
                       "b3"};
const matrix::Cell two{"c", matrix::Kind::plain, matrix::Mode::strict, matrix::DimsStyle::named,
                       "b4"};

TEST_F(SavedPrograms, AreFoundAgain) {
    ASSERT_TRUE(begin_programs(of("2.8.0+cu128")));
    write("c/plain/strict/named/b3.pt2", "a program");
    const Result<Programs> found = find_programs(folder_, "i1");
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_EQ(found->torch_build, "2.8.0+cu128");
    EXPECT_EQ(found->file_of(one.name()), folder_ / "c/plain/strict/named/b3.pt2");
    EXPECT_EQ(found->count(std::vector{one, two}), 1U);
}

TEST_F(SavedPrograms, AreFoundOnlyWhereTheyWereSaved) {
    EXPECT_EQ(refusal(find_programs(folder_, "i1")),
              "DIR: is not there (name a folder that `exportgate run --save-programs DIR` wrote)");
    fs::create_directories(folder_);
    EXPECT_THAT(refusal(find_programs(folder_, "i1")), HasSubstr("DIR: holds no saved programs"));
}

TEST_F(SavedPrograms, OfOtherCasesOrAnotherWorkerAreNotLoaded) {
    ASSERT_TRUE(begin_programs(of("2.8.0+cu128")));
    EXPECT_EQ(refusal(find_programs(folder_, "i2")),
              "DIR: holds programs that were saved with other cases or another worker (save them "
              "again: `exportgate run --save-programs DIR` in the environment whose programs they "
              "are)");
}

TEST_F(SavedPrograms, WithoutASoundDescriptionAreNotLoaded) {
    for (const char* text : {"", "not json", "[]", "{}", R"({"format": 1, "torch_build": "2.8.0"})",
                             R"({"format": 1, "torch_build": 2, "inputs_digest": "i1"})",
                             R"({"format": "1", "torch_build": "2.8.0", "inputs_digest": "i1"})"}) {
        write("programs.json", text);
        EXPECT_THAT(refusal(find_programs(folder_, "i1")),
                    HasSubstr("DIR/programs.json: does not say what saved these programs"))
            << text;
        EXPECT_FALSE(may_hold_programs(folder_, "i1")) << text;
    }
    write("programs.json", R"({"format": 2, "torch_build": "2.8.0", "inputs_digest": "i1"})");
    EXPECT_THAT(refusal(find_programs(folder_, "i1")),
                HasSubstr("is of format 2, this exportgate reads format 1"));
}

TEST_F(SavedPrograms, AreAddedToThoseOfTheSameTorchAndInputsOnly) {
    EXPECT_TRUE(may_hold_programs(folder_, "i1"));
    fs::create_directories(folder_);
    EXPECT_TRUE(may_hold_programs(folder_, "i1"));
    ASSERT_TRUE(begin_programs(of("2.8.0+cu128")));
    EXPECT_TRUE(may_hold_programs(folder_, "i1"));
    EXPECT_TRUE(begin_programs(of("2.8.0+cu128")));
    EXPECT_EQ(refusal(begin_programs(of("2.9.1+cu128"))),
              "DIR: holds programs that torch 2.8.0+cu128 saved, and this is torch 2.9.1+cu128 "
              "(remove it, or name another folder)");
    EXPECT_THAT(refusal(may_hold_programs(folder_, "i2")),
                HasSubstr("holds programs that were saved with other cases or another worker "
                          "(remove it, or name another folder)"));
}

TEST_F(SavedPrograms, AreNotSavedAmongOtherFiles) {
    write("thesis.tex", "ten years of work");
    EXPECT_EQ(refusal(may_hold_programs(folder_, "i1")),
              "DIR: is no folder of saved programs and not empty (name another folder to save "
              "programs in)");
    EXPECT_FALSE(may_hold_programs(folder_ / "thesis.tex", "i1"));
}

TEST_F(SavedPrograms, OfACellThatDidNotExportAreRemoved) {
    ASSERT_TRUE(begin_programs(of("2.8.0+cu128")));
    write("c/plain/strict/named/b3.pt2", "a program");
    write("c/plain/strict/named/b4.pt2", "a program whose check crashed the child");
    write("c/plain/strict/named/b4.pt2.part", "half of one, whose check was killed");
    record::Record made;
    made.header.cells = {one.name(), two.name()};
    made.observations.resize(2);
    made.observations[0].cell = one.name();
    made.observations[0].result = record::Exported{};
    made.observations[1].cell = two.name();
    made.observations[1].result = record::Crashed{"check:run", 11, 0};
    EXPECT_EQ(keep_exported(of("2.8.0+cu128"), made), 1U);
    EXPECT_TRUE(fs::exists(folder_ / "c/plain/strict/named/b3.pt2"));
    EXPECT_FALSE(fs::exists(folder_ / "c/plain/strict/named/b4.pt2"));
    EXPECT_FALSE(fs::exists(folder_ / "c/plain/strict/named/b4.pt2.part"));
}

}  // namespace
}  // namespace exportgate::run
