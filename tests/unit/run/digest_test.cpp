#include "run/digest.h"

#include <gtest/gtest.h>

#include "base/files.h"

namespace exportgate::run {
namespace {

namespace fs = std::filesystem;

class InputsDigest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) /
                  testing::UnitTest::GetInstance()->current_test_info()->name();
        fs::remove_all(folder_);
        write("cases/c/case.toml", "class = \"C\"\n");
        write("cases/c/case.py", "class C: pass\n");
        write("worker/exportgate-worker", "binary");
        write("worker/exportgate_worker/cell.py", "code");
    }
    void TearDown() override {
        fs::remove_all(folder_);
    }

    void write(const fs::path& file, const std::string& text) {
        ASSERT_TRUE(write_file(folder_ / file, text));
    }

    std::string digest_of(const fs::path& cases) {
        std::vector<matrix::Case> all(1);
        all[0].name = "c";
        all[0].directory = folder_ / cases / "c";
        const Result<std::string> made =
            inputs_digest(all, folder_ / "worker" / "exportgate-worker");
        EXPECT_TRUE(made);
        return made.value_or("");
    }

    fs::path folder_;
};

TEST_F(InputsDigest, ChangesWithTheContentOfACase) {
    const std::string before = digest_of("cases");
    write("cases/c/case.py", "class C: x = 1\n");
    EXPECT_NE(digest_of("cases"), before);
}

TEST_F(InputsDigest, ChangesWithAFileThatTheCaseMayImport) {
    const std::string before = digest_of("cases");
    write("cases/c/helper.py", "x = 1\n");
    EXPECT_NE(digest_of("cases"), before);
}

TEST_F(InputsDigest, ChangesWithTheWorker) {
    const std::string before = digest_of("cases");
    write("worker/exportgate_worker/cell.py", "other code");
    EXPECT_NE(digest_of("cases"), before);
}

TEST_F(InputsDigest, IgnoresWherePythonKeepsBytecodeAndWhereTheCheckoutLies) {
    const std::string before = digest_of("cases");
    write("cases/c/__pycache__/case.cpython-311.pyc", "bytecode");
    EXPECT_EQ(digest_of("cases"), before);
    fs::copy(folder_ / "cases", folder_ / "elsewhere", fs::copy_options::recursive);
    EXPECT_EQ(digest_of("elsewhere"), before);
}

}  // namespace
}  // namespace exportgate::run
