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

}  // namespace
}  // namespace exportgate::golden
