#include "project/new_case.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/files.h"
#include "matrix/case.h"

namespace exportgate::project {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class NewCaseTest : public ::testing::Test {
  protected:
    NewCaseTest() {
        std::string pattern = (fs::temp_directory_path() / "exportgate-new-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    ~NewCaseTest() override {
        fs::remove_all(folder_);
    }

    /// The case as the matrix reads it.
    matrix::Case written(const NewCase& wanted) {
        const Result<std::vector<NewFile>> files = files_of(wanted);
        EXPECT_TRUE(files) << to_string(files.error());
        for (const NewFile& file : *files)
            EXPECT_TRUE(write_file(folder_ / wanted.name / file.name, file.text));
        const Results<matrix::Case> read = matrix::load_case(folder_ / wanted.name / "case.toml");
        EXPECT_TRUE(read) << to_string(read.error().front());
        return *read;
    }
    std::string text_of(const std::string& file) {
        return *read_file(folder_ / file);
    }
    static std::string refusal(const NewCase& wanted) {
        const Result<std::vector<NewFile>> files = files_of(wanted);
        return files ? "written" : to_string(files.error());
    }

    fs::path folder_;
};

TEST_F(NewCaseTest, IsACase) {
    const matrix::Case one = written({"mine", false, ""});
    EXPECT_EQ(one.class_name, "MyCache");
    EXPECT_EQ(one.kinds, std::vector{matrix::Kind::as_is});
    EXPECT_FALSE(fs::exists(folder_ / "mine" / "native.cpp"));
}

TEST_F(NewCaseTest, HasAClassInCppWhereThatIsAskedFor) {
    const matrix::Case one = written({"mine", true, ""});
    EXPECT_EQ(one.kinds, (std::vector{matrix::Kind::as_is, matrix::Kind::native}));
    EXPECT_THAT(text_of("mine/native.cpp"), HasSubstr("PYBIND11_MODULE(EXPORTGATE_NATIVE_MODULE"));
}

TEST_F(NewCaseTest, ImportsAClass) {
    const matrix::Case one = written({"hf", false, "transformers.cache_utils:DynamicCache"});
    EXPECT_EQ(one.class_name, "DynamicCache");
    EXPECT_THAT(text_of("hf/case.py"),
                HasSubstr("\nfrom transformers.cache_utils import DynamicCache\n"));
    EXPECT_THAT(text_of("hf/case.py") + text_of("hf/case.toml"),
                Not(::testing::AnyOf(HasSubstr("MyCache"), HasSubstr("my_package"))));
}

TEST_F(NewCaseTest, NamesThatCannotBe) {
    EXPECT_THAT(refusal({"a/b", false, ""}), HasSubstr("cannot be the name of a case"));
    EXPECT_THAT(refusal({"my-cache", true, ""}), HasSubstr("native_my-cache"));
    EXPECT_EQ(refusal({"my-cache", false, ""}), "written");
    EXPECT_THAT(refusal({"mine", true, "a:B"}), HasSubstr("leave one of them away"));
    for (const std::string path : {"cache", "a.b:", ":B", "a..b:C", "a:B.C", "a b:C", "a:B:C"})
        EXPECT_THAT(refusal({"mine", false, path}), HasSubstr("does not name a class"));
}

TEST(NewProject, SaysWhichTorchAndRequirements) {
    EXPECT_THAT(new_project_toml("2.14.1", {}), HasSubstr("\ntorch = \"2.14.1\"\n# with"));
    EXPECT_THAT(new_project_toml("2.13.0", {"one==1", "two"}),
                HasSubstr("\ntorch = \"2.13.0\"\nwith = [\"one==1\", \"two\"]\n"));
}

}  // namespace
}  // namespace exportgate::project
