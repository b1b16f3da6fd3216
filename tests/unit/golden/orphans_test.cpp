#include <gmock/gmock.h>

#include "samples.h"

namespace exportgate::golden {
namespace {

using namespace samples;
using testing::HasSubstr;

class Orphans : public testing::Test {
  protected:
    Orphans() {
        const std::vector<Pending> pending{{named_cell, exported("a")}, {auto_cell, exported("b")}};
        const auto accepted =
            accept(*load(folder_.path(), "mine"), torch("2.13.0"), pending, Covers::all, "why");
        goldens_.push_back(accepted->golden);
    }

    std::string found(const std::vector<matrix::Cell>& declared) const {
        return all_of(orphans(folder_.path(), goldens_, declared));
    }

    Folder folder_;
    std::vector<Golden> goldens_;
    std::vector<matrix::Cell> both_{cell(named_cell), cell(auto_cell)};
};

TEST_F(Orphans, NoneWhereEverythingIsUsed) {
    EXPECT_EQ(found(both_), "");
}

TEST_F(Orphans, PendingFilesAreNone) {
    const std::vector<Pending> pending{{named_cell, exported("c")}};
    ASSERT_TRUE(write_pending(goldens_[0], torch("2.13.0"), {}, {}, pending));
    EXPECT_EQ(found(both_), "");
}

TEST_F(Orphans, RowsOfACellThatIsNotDeclared) {
    EXPECT_THAT(found({cell(named_cell)}),
                HasSubstr("cell mine/" + auto_cell + " is expected, but"));
}

TEST_F(Orphans, FilesThatNoRowUses) {
    ASSERT_TRUE(write_file(folder_.path() / "mine" / "exported-0123456789.txt", "left\n"));
    EXPECT_THAT(found(both_),
                HasSubstr("exported-0123456789.txt: no row of expected.tsv uses this file"));
}

TEST_F(Orphans, FoldersOfCasesThatDoNotExist) {
    fs::create_directory(folder_.path() / "other");
    EXPECT_THAT(found(both_), HasSubstr("other: goldens of a case that does not exist"));
}

TEST_F(Orphans, AFolderThatIsMissingHasNone) {
    EXPECT_TRUE(orphans(folder_.path() / "nowhere", {}, both_).empty());
}

TEST_F(Orphans, ACaseThatCouldNotBeLoadedIsLeftAlone) {
    ASSERT_TRUE(write_file(folder_.path() / "mine" / "exported-0123456789.txt", "left\n"));
    EXPECT_TRUE(orphans(folder_.path(), {}, both_).empty());
}

TEST_F(Orphans, RowsOfAValueThatIsGone) {
    const std::string llama = "[arch=llama]/" + named_cell;
    const std::string mistral = "[arch=mistral]/" + named_cell;
    const std::vector<Pending> pending{{mistral, exported("a")}, {llama, exported("a")}};
    Folder folder;
    const auto accepted =
        accept(*load(folder.path(), "mine"), torch("2.13.0"), pending, Covers::all, "why");
    ASSERT_TRUE(accepted);
    const std::vector<Golden> goldens{*load(folder.path(), "mine")};
    ASSERT_EQ(goldens[0].rows.size(), 2U);
    EXPECT_EQ(goldens[0].rows[0].cell, llama);
    EXPECT_EQ(goldens[0].rows[0].file, goldens[0].rows[1].file);  // equal outcomes, one text

    const matrix::Cell cell_of_llama = matrix::parse_cell("mine" + llama).value();
    const std::vector<matrix::Cell> declared{cell_of_llama};
    const std::string errors = all_of(orphans(folder.path(), goldens, declared));
    EXPECT_THAT(errors, HasSubstr("cell mine" + mistral + " is expected, but"));
    EXPECT_THAT(errors, testing::Not(HasSubstr("cell mine" + llama)));
    EXPECT_NE(expected(goldens[0], cell_of_llama, torch("2.13.0")).row, nullptr);
    const auto other = matrix::parse_cell("mine[arch=gemma]/" + named_cell).value();
    EXPECT_EQ(expected(goldens[0], other, torch("2.13.0")).row, nullptr);
}

}  // namespace
}  // namespace exportgate::golden
