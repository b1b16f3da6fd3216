#include "run/digest.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/files.h"

namespace exportgate::run {
namespace {

namespace fs = std::filesystem;

class InputsDigest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) /
                  (testing::UnitTest::GetInstance()->current_test_info()->name() +
                   std::to_string(::getpid()));
        fs::remove_all(folder_);
        write("cases/c/case.toml", "class = \"C\"\n");
        write("cases/c/case.py", "class C: pass\n");
        write("cases/c/native.cpp", "int one;\n");
        write("worker/exportgate-worker", "binary");
        write("worker/built_from/worker/src/main.cpp", "int main;\n");
        write("worker/built_from/native/c/native.cpp", "int one;\n");
        write("worker/native/c/native_c.so", "module");
        write("worker/built_for",
              "TORCH_VERSION_FILE=" + (folder_ / "torch/version.py").string() +
                  "\nTORCH_BUILD=2.13.0+cpu\nPYTHON_VERSION=3.11.2\nCXX11_ABI=1\n");
        write("torch/version.py", "__all__ = ['__version__']\n__version__ = '2.13.0+cpu'\n");
        write("worker/exportgate_worker/cell.py", "code");
    }
    void TearDown() override {
        fs::remove_all(folder_);
    }

    void write(const fs::path& file, const std::string& text) {
        ASSERT_TRUE(write_file(folder_ / file, text));
    }

    fs::path worker() const {
        return folder_ / "worker" / "exportgate-worker";
    }

    Result<std::string> try_digest_of(const fs::path& cases) {
        std::vector<matrix::Case> all(1);
        all[0].name = "c";
        all[0].directory = folder_ / cases / "c";
        return inputs_digest(all, worker());
    }

    std::string digest_of(const fs::path& cases) {
        const Result<std::string> made = try_digest_of(cases);
        EXPECT_TRUE(made);
        return made.value_or("");
    }

    const record::Environment torch_2_13{"default", "2.13.0", "2.13.0+cpu", "3.11.2", "", 1, {}};

    fs::path folder_;
};

TEST_F(InputsDigest, ChangesWithTheContentOfACase) {
    const std::string before = digest_of("cases");
    write("cases/c/case.py", "class C: x = 1\n");
    EXPECT_NE(digest_of("cases"), before);
}

TEST_F(InputsDigest, DoesNotChangeWithWaivers) {
    const std::string waivers =
        "\n[[waivers]]\ncells = \"*\"\n\n[[waivers]]\n# more\ncells = \"plain/*\"\n";
    const std::string before = digest_of("cases");
    write("cases/c/case.toml", "class = \"C\"\n" + waivers);
    EXPECT_EQ(digest_of("cases"), before);
    write("cases/c/case.toml", "class = \"C\"\n\n[dims]\nbatch = [1, 2]\n");
    const std::string with_dims = digest_of("cases");
    EXPECT_NE(with_dims, before);
    write("cases/c/case.toml", "class = \"C\"\n" + waivers + "\n[dims]\nbatch = [1, 2]\n");
    EXPECT_EQ(digest_of("cases"), with_dims);
    write("cases/c/case.toml", "class = \"C\"\n" + waivers + "\n[dims]\nbatch = [1, 3]\n");
    EXPECT_NE(digest_of("cases"), with_dims);
}

TEST_F(InputsDigest, DoesNotChangeWithWhatIsTimed) {
    const std::string before = digest_of("cases");
    const std::string bench = "\n[bench]\nlayers = [1]\n\n[bench.thresholds]\n\"call/*\" = 1.1\n";
    write("cases/c/case.toml", "class = \"C\"\n" + bench + "\n[[waivers]]\ncells = \"*\"\n");
    EXPECT_EQ(digest_of("cases"), before);
    write("cases/c/case.toml", "class = \"C\"\n" + bench + "\n[benchmark]\n");
    EXPECT_NE(digest_of("cases"), before);
}

TEST_F(InputsDigest, ChangesWithATableWhoseHeaderIsIndented) {
    const std::string bench = "class = \"C\"\n[bench]\nlayers = [1]\n";
    write("cases/c/case.toml", bench + "  [dims]\n  batch = [1, 1024]\n");
    const std::string before = digest_of("cases");
    write("cases/c/case.toml", bench + "  [dims]\n  batch = [2, 512]\n");
    EXPECT_NE(digest_of("cases"), before);
}

TEST_F(InputsDigest, ChangesWithAFileThatTheCaseMayImport) {
    const std::string before = digest_of("cases");
    write("cases/c/helper.py", "x = 1\n");
    EXPECT_NE(digest_of("cases"), before);
}

TEST_F(InputsDigest, ChangesWithAPythonFileThatAllCasesMayImport) {
    const std::string before = digest_of("cases");
    write("cases/README.md", "what the cases are");
    write("cases/other/case.py", "a case that was not asked for");
    write("cases/__pycache__/caches.cpython-311.pyc", "bytecode");
    EXPECT_EQ(digest_of("cases"), before);
    write("cases/caches.py", "x = 1\n");
    const std::string with_it = digest_of("cases");
    EXPECT_NE(with_it, before);
    write("cases/caches.py", "x = 2\n");
    EXPECT_NE(digest_of("cases"), with_it);
    fs::rename(folder_ / "cases/caches.py", folder_ / "cases/other.py");
    EXPECT_NE(digest_of("cases"), with_it);
}

TEST_F(InputsDigest, ChangesWithTheWorker) {
    const std::string before = digest_of("cases");
    write("worker/exportgate_worker/cell.py", "other code");
    const std::string package = digest_of("cases");
    EXPECT_NE(package, before);
    write("worker/built_from/worker/src/main.cpp", "int other;\n");
    EXPECT_NE(digest_of("cases"), package);
}

TEST_F(InputsDigest, IsTheSameForEveryBuildOfTheSameSources) {
    const std::string before = digest_of("cases");
    write("worker/exportgate-worker", "the same sources, another compiler");
    fs::last_write_time(folder_ / "worker/exportgate_worker/cell.py", fs::file_time_type::min());
    EXPECT_EQ(digest_of("cases"), before);
}

TEST_F(InputsDigest, IsOfTheExecutableWhereTheWorkerDoesNotSayWhatItWasBuiltFrom) {
    fs::remove_all(folder_ / "worker/built_from");
    const std::string before = digest_of("cases");
    write("worker/exportgate-worker", "other binary");
    EXPECT_NE(digest_of("cases"), before);
}

TEST_F(InputsDigest, ANativeSourceThatWasNotBuiltYetIsAnError) {
    write("cases/c/native.cpp", "int two;\n");
    const Result<std::string> made = try_digest_of("cases");
    ASSERT_FALSE(made);
    EXPECT_EQ(to_string(made.error()),
              (folder_ / "cases/c/native.cpp").string() +
                  ": has changed since the native module of c was built (build the worker again: "
                  "`exportgate env update NAME`, or ci/conform)");
}

TEST_F(InputsDigest, AWorkerWithoutTheNativeModuleHasAnother) {
    const std::string before = digest_of("cases");
    fs::remove(folder_ / "worker/native/c/native_c.so");
    const std::string without = digest_of("cases");
    EXPECT_NE(without, before);
    // what an earlier build left is not what this worker was built from
    write("worker/built_from/native/c/native.cpp", "int earlier;\n");
    EXPECT_EQ(digest_of("cases"), without);
}

TEST_F(InputsDigest, AWorkerIsBuiltForOneEnvironment) {
    EXPECT_TRUE(is_built_for(worker(), torch_2_13));
    record::Environment other = torch_2_13;
    other.torch_build = "2.13.0+cu126";
    EXPECT_FALSE(is_built_for(worker(), other));
    other = torch_2_13;
    other.python = "3.11.3";
    EXPECT_FALSE(is_built_for(worker(), other));
    other = torch_2_13;
    other.cxx11_abi = 0;
    EXPECT_FALSE(is_built_for(worker(), other));
}

TEST_F(InputsDigest, ATorchInstalledOverTheOneThatTheWorkerWasBuiltForIsNoticed) {
    write("torch/version.py", "__version__ = '2.14.1+cpu'\n");
    EXPECT_FALSE(is_built_for(worker(), torch_2_13));
    fs::remove(folder_ / "torch/version.py");
    EXPECT_FALSE(is_built_for(worker(), torch_2_13));
    fs::remove(folder_ / "worker/built_for");
    EXPECT_FALSE(is_built_for(worker(), torch_2_13));
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
