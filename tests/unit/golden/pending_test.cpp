#include <gmock/gmock.h>

#include "golden/outcome_file.h"
#include "samples.h"

namespace exportgate::golden {
namespace {

using namespace samples;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class PendingFiles : public testing::Test {
  protected:
    PendingFiles() {
        golden_.case_name = "mine";
        golden_.directory = folder_.path() / "mine";
    }

    void write(const record::Environment& environment, const std::vector<std::string>& observed,
               const std::vector<Pending>& pending) {
        const auto written = write_pending(golden_, environment, observed, pending);
        ASSERT_TRUE(written) << to_string(written.error());
    }

    std::vector<std::string> cells() const {
        const auto file = load_pending(golden_);
        EXPECT_TRUE(file) << (file ? "" : all_of(file.error()));
        std::vector<std::string> names;
        if (file && *file) {
            for (const Pending& pending : (*file)->pending)
                names.push_back(pending.cell);
        }
        return names;
    }

    fs::path directory() const {
        return golden_.directory / ".pending";
    }

    Folder folder_;
    Golden golden_;
};

TEST_F(PendingFiles, RoundTrip) {
    auto failing = exported("graph");
    failing.checks[0] = {"dims", outcome::CheckStatus::fail, {"lost: x dim 0", "a | b"}};
    write(torch("2.13.0"), {named_cell, auto_cell},
          {{auto_cell, rejected("no")}, {named_cell, failing}});
    const auto file = load_pending(golden_);
    ASSERT_TRUE(file && *file);
    EXPECT_EQ((*file)->environment, torch("2.13.0"));
    ASSERT_THAT((*file)->pending, SizeIs(2));
    EXPECT_EQ((*file)->pending[0].cell, named_cell);
    EXPECT_EQ((*file)->pending[0].outcome, failing);
    EXPECT_EQ((*file)->pending[1].outcome, rejected("no"));
}

TEST_F(PendingFiles, NothingPendingIsNoFile) {
    const auto file = load_pending(golden_);
    ASSERT_TRUE(file);
    EXPECT_FALSE(*file);
}

TEST_F(PendingFiles, WhatIsAsExpectedNowIsRemovedAndTheRestKept) {
    write(torch("2.13.0"), {named_cell, auto_cell},
          {{auto_cell, rejected("no")}, {named_cell, exported("graph")}});
    write(torch("2.13.0"), {named_cell}, {});
    EXPECT_THAT(cells(), testing::ElementsAre(auto_cell));
    EXPECT_FALSE(fs::exists(directory() / outcome_file_name(exported("graph"))));
    write(torch("2.13.0"), {auto_cell}, {});
    EXPECT_FALSE(fs::exists(directory()));
}

TEST_F(PendingFiles, AnotherEnvironmentKeepsNothing) {
    write(torch("2.13.0"), {auto_cell}, {{auto_cell, rejected("no")}});
    write(torch("2.14.0"), {named_cell}, {{named_cell, exported("graph")}});
    EXPECT_THAT(cells(), testing::ElementsAre(named_cell));
}

TEST_F(PendingFiles, DamageIsAnErrorForAcceptAndReplacedByTheNextRun) {
    write(torch("2.13.0"), {named_cell}, {{named_cell, exported("graph")}});
    const auto text = directory() / outcome_file_name(exported("graph"));
    ASSERT_TRUE(write_file(text, "edited\n"));
    const auto damaged = load_pending(golden_);
    ASSERT_FALSE(damaged);
    EXPECT_THAT(all_of(damaged.error()), HasSubstr("run again"));
    write(torch("2.13.0"), {named_cell}, {{named_cell, exported("graph")}});
    EXPECT_THAT(cells(), testing::ElementsAre(named_cell));
}

TEST_F(PendingFiles, ReportsADamagedTableWithItsLines) {
    write(torch("2.13.0"), {named_cell}, {{named_cell, exported("graph")}});
    std::string table = *read_file(directory() / "pending.tsv");
    table.replace(table.find("\"torch\""), 7, "\"trosch\"");
    table.replace(table.find("dims=pass"), 9, "dims=good");
    ASSERT_TRUE(write_file(directory() / "pending.tsv", table));
    const auto damaged = load_pending(golden_);
    ASSERT_FALSE(damaged);
    EXPECT_THAT(all_of(damaged.error()),
                HasSubstr("pending.tsv:2: the environment has no readable member \"torch\""));
    EXPECT_THAT(all_of(damaged.error()), HasSubstr("pending.tsv:4: "));
}

TEST_F(PendingFiles, AFailureLeavesTheOldFiles) {
    write(torch("2.13.0"), {auto_cell}, {{auto_cell, rejected("no")}});
    fs::create_directory(directory() / outcome_file_name(exported("graph")));
    const auto before = folder_.files();
    const std::vector<Pending> pending{{named_cell, exported("graph")}};
    EXPECT_FALSE(write_pending(golden_, torch("2.13.0"), {}, pending));
    EXPECT_EQ(folder_.files(), before);
    EXPECT_THAT(cells(), testing::ElementsAre(auto_cell));
}

}  // namespace
}  // namespace exportgate::golden
