#include <gmock/gmock.h>

#include "golden/outcome_file.h"
#include "golden/pending_file.h"
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
        const auto written = write_pending(golden_, environment, observed, {}, pending);
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

TEST_F(PendingFiles, SayOfWhichFilesTheyAre) {
    using record::IngredientKind;
    const record::CaseFiles files{"0123456789abcdef",
                                  {{IngredientKind::file, "<cases>/a name\twith a tab.py", "01"},
                                   {IngredientKind::file, "<cases>/../not there", ""},
                                   {IngredientKind::unknown, "<cases>/x.py changed", ""}}};
    const std::vector<Pending> first{{named_cell, rejected("no")}};
    ASSERT_TRUE(write_pending(golden_, torch("2.13.0"), {}, {}, first, files));
    EXPECT_EQ((*load_pending(golden_))->files, files);
}

TEST_F(PendingFiles, OnlyThoseOfTheSameFilesStay) {
    using record::IngredientKind;
    const auto of = [](const std::string& folder, const std::string& helper) {
        return record::CaseFiles{folder, {{IngredientKind::file, "<cases>/helper.py", helper}}};
    };
    const std::vector<Pending> first{{named_cell, rejected("no")}};
    const std::vector<Pending> second{{auto_cell, rejected("no")}};
    const auto both = [&](const record::CaseFiles& before, const record::CaseFiles& after) {
        EXPECT_TRUE(write_pending(golden_, torch("2.13.0"), {}, {}, first, before));
        EXPECT_TRUE(write_pending(golden_, torch("2.13.0"), {}, {}, second, after));
        return cells();
    };
    EXPECT_THAT(both(of("case", "one"), of("case", "one")), SizeIs(2));
    EXPECT_THAT(both(of("case", "one"), of("other", "one")), testing::ElementsAre(auto_cell));
    EXPECT_THAT(both(of("case", "one"), of("case", "two")), testing::ElementsAre(auto_cell));
    EXPECT_THAT(both(of("case", "one"), {"case", {}}), SizeIs(2)) << "it did not use the helper";
    EXPECT_EQ((*load_pending(golden_))->files, of("case", "one"));
}

TEST_F(PendingFiles, ALineOfFilesThatCannotBeReadIsRefused) {
    write(torch("2.13.0"), {named_cell}, {{named_cell, exported("graph")}});
    std::string table = *read_file(directory() / "pending.tsv");
    for (const std::string wrong : {"files of the case: -\tfile\t<cases>/x.py",
                                    "files of the case: -\tfolder\t<cases>/x\t01", "files: -"}) {
        std::string damaged = table;
        const std::string right = "files of the case: -";
        damaged.replace(damaged.find(right), right.size(), wrong);
        ASSERT_TRUE(write_file(directory() / "pending.tsv", damaged));
        const auto loaded = load_pending(golden_);
        ASSERT_FALSE(loaded) << wrong;
        EXPECT_THAT(all_of(loaded.error()), HasSubstr("pending.tsv:3: found \""));
        EXPECT_THAT(all_of(loaded.error()), HasSubstr("run again"));
    }
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
    EXPECT_THAT(all_of(damaged.error()), HasSubstr("pending.tsv:5: "));
}

/// Case "mine" expects `a` of the auto cell; the run saw that, and something new of the named cell.
class SettledCells : public PendingFiles {
  protected:
    SettledCells() {
        accepts({{auto_cell, a}});
        const std::vector<std::string> observed{named_cell, auto_cell};
        const std::vector<std::string> as_expected{auto_cell};
        const std::vector<Pending> pending{{named_cell, b}};
        EXPECT_TRUE(write_pending(golden_, torch("2.13.0"), observed, as_expected, pending));
    }

    void accepts(const std::vector<Pending>& pending) {
        const auto done = accept(golden_, torch("2.13.0"), pending, Covers::part, "seen");
        ASSERT_TRUE(done) << to_string(done.error());
        golden_ = done->golden;
    }
    std::vector<Settled> settled() const {
        const auto file = load_pending(golden_);
        EXPECT_TRUE(file && *file);
        return file && *file ? (*file)->settled : std::vector<Settled>{};
    }
};

TEST_F(SettledCells, StandBesideThePendingOnes) {
    ASSERT_THAT(settled(), SizeIs(1));
    EXPECT_EQ(settled()[0].cell, auto_cell);
    EXPECT_TRUE(is_expected(golden_, torch("2.13.0"), settled()[0]));
}

TEST_F(SettledCells, AreNoLongerWhatIsExpectedOnceTheGoldenChanges) {
    const auto before = settled();
    accepts({{auto_cell, b}});
    EXPECT_FALSE(is_expected(golden_, torch("2.13.0"), before.at(0)));
    auto flipped = a;
    flipped.checks[0].status = outcome::CheckStatus::fail;
    accepts({{auto_cell, flipped}});
    EXPECT_FALSE(is_expected(golden_, torch("2.13.0"), before.at(0))) << "the checks count too";
}

TEST_F(SettledCells, AreReplacedWhereTheyWereObservedAgain) {
    write(torch("2.13.0"), {auto_cell}, {});
    EXPECT_THAT(settled(), IsEmpty()) << "observed, and neither as expected nor pending: waived";
    EXPECT_THAT(cells(), testing::ElementsAre(named_cell));
}

TEST_F(SettledCells, WhatIsPromotedBecomesOneOfThem) {
    const std::vector<Pending> more{{"plain/strict/static/b3c5", b}};
    ASSERT_TRUE(write_pending(golden_, torch("2.13.0"), {}, {}, more));
    accepts({{named_cell, b}});
    EXPECT_THAT(settled(), SizeIs(2));
    EXPECT_THAT(cells(), testing::ElementsAre("plain/strict/static/b3c5"));
}

TEST_F(SettledCells, WhatIsRejectedIsNoneOfThem) {
    const std::vector<Pending> more{{"plain/strict/static/b3c5", b}};
    ASSERT_TRUE(write_pending(golden_, torch("2.13.0"), {}, {}, more));
    const std::vector<Pending> another{{named_cell, a}};
    EXPECT_EQ(drop_from_pending(golden_, torch("2.13.0"), another), 0U);
    EXPECT_THAT(cells(), SizeIs(2)) << "it is not what the person saw";
    const std::vector<Pending> rejected{{named_cell, b}};
    EXPECT_EQ(drop_from_pending(golden_, torch("2.12.0"), rejected), 0U);
    EXPECT_THAT(cells(), SizeIs(2)) << "of another environment";
    EXPECT_EQ(drop_from_pending(golden_, torch("2.13.0"), rejected), 1U);
    EXPECT_THAT(cells(), testing::ElementsAre("plain/strict/static/b3c5"));
    EXPECT_THAT(settled(), SizeIs(1));
    ASSERT_TRUE(drop_from_pending(golden_, torch("2.13.0"), more));
    EXPECT_FALSE(fs::exists(directory()));
}

TEST_F(PendingFiles, AFailureLeavesTheOldFiles) {
    write(torch("2.13.0"), {auto_cell}, {{auto_cell, rejected("no")}});
    fs::create_directory(directory() / outcome_file_name(exported("graph")));
    const auto before = folder_.files();
    const std::vector<Pending> pending{{named_cell, exported("graph")}};
    EXPECT_FALSE(write_pending(golden_, torch("2.13.0"), {}, {}, pending));
    EXPECT_EQ(folder_.files(), before);
    EXPECT_THAT(cells(), testing::ElementsAre(auto_cell));
}

}  // namespace
}  // namespace exportgate::golden
