#include <gmock/gmock.h>

#include "golden/outcome_file.h"
#include "samples.h"

namespace exportgate::golden {
namespace {

using namespace samples;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const outcome::Outcome c = rejected("c");

class Accept : public testing::Test {
  protected:
    Golden golden() const {
        auto loaded = load(folder_.path(), "mine");
        EXPECT_TRUE(loaded) << (loaded ? "" : all_of(loaded.error()));
        return loaded ? *loaded : Golden{};
    }

    Result<Accepted> try_to_accept(const record::Environment& environment,
                                   const std::vector<Pending>& pending,
                                   const std::string& why = "seen", const std::string& when = "") {
        return accept(golden(), environment, pending, covers_, why, when);
    }

    /// Accepts `outcome` for the named cell; the result was also read back from disk.
    Accepted accepted(const record::Environment& environment, const outcome::Outcome& outcome,
                      const std::string& when = "") {
        auto result = try_to_accept(environment, {{named_cell, outcome}},
                                    "seen in " + environment.torch, when);
        EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
        EXPECT_EQ(expected_outcome(golden(), named_cell, environment), outcome);
        return result ? *result : Accepted{};
    }

    outcome::Outcome expects(const record::Environment& environment) const {
        return expected_outcome(golden(), named_cell, environment);
    }

    /// "since when" of every row.
    std::vector<std::string> rows() const {
        std::vector<std::string> keys;
        for (const Row& row : golden().rows)
            keys.push_back(row.since.text() + (row.when.empty() ? "" : " " + row.when));
        return keys;
    }

    static std::vector<std::string> notes(const std::vector<RowNote>& changes) {
        std::vector<std::string> lines;
        for (const RowNote& change : changes)
            lines.push_back(change.cell + " " + change.what);
        return lines;
    }

    std::vector<std::string> releases() const {
        std::vector<std::string> texts;
        for (const TorchVersion& release : golden().recorded)
            texts.push_back(release.text());
        return texts;
    }

    std::string bytes_of(const outcome::Outcome& outcome) const {
        return read_file(folder_.path() / "mine" / outcome_file_name(outcome)).value_or("missing");
    }

    Folder folder_;
    Covers covers_ = Covers::all;
};

TEST_F(Accept, WritesTheTextUnderTheDigestOfItsContent) {
    accepted(torch("2.13.0"), a);
    EXPECT_EQ(bytes_of(a), a.text);
    EXPECT_THAT(outcome_file_name(a), testing::MatchesRegex("exported-[0-9a-f]+\\.txt"));
}

TEST_F(Accept, RowsWithTheSameTextShareAFile) {
    ASSERT_TRUE(try_to_accept(torch("2.13.0"), {{named_cell, a}, {auto_cell, a}}));
    EXPECT_THAT(folder_.files(), SizeIs(2));
}

TEST_F(Accept, OneFlippedCheckChangesOneWordAndNoText) {
    accepted(torch("2.13.0"), a);
    auto flipped = a;
    flipped.checks[1].status = outcome::CheckStatus::fail;
    const auto before = folder_.files();
    accepted(torch("2.13.0"), flipped);
    auto after = folder_.files();
    EXPECT_EQ(before.size(), after.size());
    auto& table = after["mine/expected.tsv"];
    const auto place = table.find("run=fail");
    ASSERT_NE(place, std::string::npos);
    EXPECT_EQ(table.replace(place, 8, "run=pass"), before.at("mine/expected.tsv"));
}

TEST_F(Accept, AnOutcomeWithOneCheckMoreKeepsTheReason) {
    ASSERT_TRUE(try_to_accept(torch("2.13.0"), {{named_cell, a}}, "read in full"));
    auto more = a;
    more.checks.push_back({"onnx", outcome::CheckStatus::fail, {"says no"}});
    ASSERT_TRUE(try_to_accept(torch("2.13.0"), {{named_cell, more}}, "onnx knows no int32"));
    EXPECT_EQ(golden().rows.at(0).why, "read in full; onnx knows no int32");
    more.facts = "\nfacts 1\n  layout\n    x: (s0, 8)\n";
    ASSERT_TRUE(try_to_accept(torch("2.13.0"), {{named_cell, more}}, "onnx knows no int32"));
    EXPECT_EQ(golden().rows.at(0).why, "read in full; onnx knows no int32");
    // Nothing of what was read before is said of another outcome.
    more.checks[0].status = outcome::CheckStatus::fail;
    ASSERT_TRUE(try_to_accept(torch("2.13.0"), {{named_cell, more}}, "dims is lost"));
    EXPECT_EQ(golden().rows.at(0).why, "dims is lost");
}

TEST_F(Accept, AnotherOutcomeReplacesTheRowAndRemovesTheUnusedText) {
    accepted(torch("2.13.0"), a);
    const Accepted result = accepted(torch("2.13.0"), b);
    EXPECT_THAT(rows(), ElementsAre("2.13.0"));
    EXPECT_EQ(bytes_of(a), "missing");
    EXPECT_THAT(notes(result.changed), ElementsAre(named_cell + " since 2.13.0: exported"));
    EXPECT_THAT(result.restored, IsEmpty());
}

TEST_F(Accept, ANewTextSaysWhichOneItReplaces) {
    accepted(torch("2.13.0"), a);
    accepted(torch("2.14.0"), b);
    EXPECT_EQ(bytes_of(b), "# replaces " + outcome_file_name(a) + "\n" + b.text);
    EXPECT_EQ(expects(torch("2.14.0")).text, b.text) << "the header is not part of the text";
}

TEST_F(Accept, AnExpectedOutcomeOnlyNotesTheRelease) {
    accepted(torch("2.13.0"), a);
    const Accepted result = accepted(torch("2.14.0"), a);
    EXPECT_THAT(result.changed, IsEmpty());
    EXPECT_THAT(rows(), ElementsAre("2.13.0"));
    EXPECT_THAT(golden().recorded, SizeIs(2));
}

TEST_F(Accept, AnEarlierReleaseLeavesLaterRowsAlone) {
    accepted(torch("2.13.0"), b);
    accepted(torch("2.6.0"), a);
    EXPECT_THAT(rows(), ElementsAre("2.6.0", "2.13.0"));
    EXPECT_EQ(expects(torch("2.13.0")), b);
}

TEST_F(Accept, WritesTheRestoringRowForAReleaseThatInherited) {
    accepted(torch("2.6.0"), a);
    accepted(torch("2.13.0"), a);
    const Accepted result = accepted(torch("2.9.1"), b);
    EXPECT_THAT(rows(), ElementsAre("2.6.0", "2.9.1", "2.13.0"));
    EXPECT_THAT(result.restored,
                ElementsAre(testing::Field(&RowNote::what, HasSubstr("since 2.13.0"))));
    EXPECT_EQ(expects(torch("2.6.0")), a);
    EXPECT_EQ(expects(torch("2.13.0")), a);
    EXPECT_EQ(golden().rows[2].why, "seen in 2.6.0") << "the reason goes with the outcome";
}

TEST_F(Accept, RestoresWhereTheReplacedRowWasInherited) {
    accepted(torch("2.6.0"), a);
    accepted(torch("2.9.1"), a);
    accepted(torch("2.13.0"), a);
    accepted(torch("2.6.0"), b);
    EXPECT_THAT(rows(), ElementsAre("2.6.0", "2.9.1"));
    EXPECT_EQ(expects(torch("2.9.1")), a);
    EXPECT_EQ(expects(torch("2.13.0")), a);
}

TEST_F(Accept, ARowThatSaysNothingNewIsGone) {
    accepted(torch("2.6.0"), a);
    accepted(torch("2.9.1"), b);
    accepted(torch("2.13.0"), b);
    accepted(torch("2.9.1"), a);
    EXPECT_THAT(rows(), ElementsAre("2.6.0", "2.13.0"));
    EXPECT_EQ(expects(torch("2.13.0")), b);
}

TEST_F(Accept, ManySequencesNeverChangeWhatAnotherReleaseExpects) {
    const std::vector<std::string> releases{"2.6.0", "2.8.0", "2.9.1", "2.13.0", "2.14.0rc1"};
    const std::vector<outcome::Outcome> outcomes{a, b, c};
    std::map<std::string, outcome::Outcome> truth;
    unsigned state = 7;
    const auto next = [&state](std::size_t limit) {
        state = state * 1664525U + 1013904223U;
        return (state >> 16U) % limit;
    };
    for (int step = 0; step < 60; ++step) {
        const std::string& release = releases[next(releases.size())];
        const outcome::Outcome& outcome = outcomes[next(outcomes.size())];
        accepted(torch(release), outcome);
        truth[release] = outcome;
        for (const auto& [recorded, expected] : truth)
            ASSERT_EQ(expects(torch(recorded)), expected) << "step " << step << ", " << recorded;
    }
}

TEST_F(Accept, ManySequencesWithConditionsKeepOtherPythonsToo) {
    const std::vector<std::string> releases{"2.6.0", "2.9.1", "2.13.0"};
    const std::vector<outcome::Outcome> outcomes{a, b, c};
    unsigned state = 11;
    const auto next = [&state](std::size_t limit) {
        state = state * 1664525U + 1013904223U;
        return (state >> 16U) % limit;
    };
    for (const auto& release : releases)
        accepted(torch(release), a);
    for (int step = 0; step < 40; ++step) {
        const std::string release = releases[next(releases.size())];
        const bool newer_python = next(2) == 0;
        std::map<std::string, outcome::Outcome> before;
        for (const auto& other : releases) {
            for (const char* python : {"3.11.2", "3.12.1"})
                before[other + python] = expects(torch(other, python));
        }
        accepted(torch(release, newer_python ? "3.12.1" : "3.11.2"),
                 outcomes[next(outcomes.size())], newer_python ? "python>=3.12" : "python<3.12");
        for (const auto& other : releases) {
            for (const char* python : {"3.11.2", "3.12.1"}) {
                const bool is_accepted =
                    other == release && (python == std::string("3.12.1")) == newer_python;
                if (!is_accepted) {
                    ASSERT_EQ(expects(torch(other, python)), before[other + python]) << step;
                }
            }
        }
    }
}

TEST_F(Accept, AConditionLimitsTheNewRow) {
    accepted(torch("2.13.0", "3.11.2"), a);
    accepted(torch("2.13.0", "3.12.1"), b, "python>=3.12");
    EXPECT_THAT(rows(), ElementsAre("2.13.0", "2.13.0 python>=3.12"));
    EXPECT_EQ(expects(torch("2.13.0", "3.11.2")), a);
}

TEST_F(Accept, ARowTakesTheConditionOfTheOneItReplaces) {
    accepted(torch("2.13.0", "3.11.2"), a);
    accepted(torch("2.13.0", "3.12.1"), b, "python>=3.12");
    accepted(torch("2.13.0", "3.12.1"), c);
    EXPECT_THAT(rows(), ElementsAre("2.13.0", "2.13.0 python>=3.12"));
    EXPECT_EQ(expects(torch("2.13.0", "3.11.2")), a);
}

TEST_F(Accept, RefusesAConditionThatDoesNotHoldHere) {
    const auto refused =
        try_to_accept(torch("2.13.0", "3.11.2"), {{named_cell, a}}, "why", "python>=3.12");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, HasSubstr("does not hold in the environment"));
    EXPECT_THAT(folder_.files(), IsEmpty());
}

TEST_F(Accept, RefusesAnEmptyReason) {
    for (const char* why : {"", "  ", "\n"}) {
        const auto refused = try_to_accept(torch("2.13.0"), {{named_cell, a}}, why);
        ASSERT_FALSE(refused);
        EXPECT_THAT(refused.error().remedy, HasSubstr("--why"));
    }
    EXPECT_THAT(folder_.files(), IsEmpty());
}

TEST_F(Accept, RefusesAnExportedOutcomeWithoutChecks) {
    EXPECT_FALSE(try_to_accept(torch("2.13.0"), {{named_cell, exported("a", {})}}));
}

TEST_F(Accept, RefusesTheSameCellTwiceAndNamesThatAreNoCells) {
    EXPECT_FALSE(try_to_accept(torch("2.13.0"), {{named_cell, a}, {named_cell, b}}));
    EXPECT_FALSE(try_to_accept(torch("2.13.0"), {{"plain/strict", a}}));
}

TEST_F(Accept, RefusesGoldensThatChangedMeanwhile) {
    const Golden old = golden();
    accepted(torch("2.13.0"), a);
    const auto before = folder_.files();
    const std::vector<Pending> pending{{named_cell, b}};
    const auto refused = accept(old, torch("2.13.0"), pending, Covers::all, "why");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, HasSubstr("changed since it was read"));
    EXPECT_EQ(folder_.files(), before);
}

TEST_F(Accept, LeavesNothingWhereATextFileCannotBeWritten) {
    // A folder stands where a text file is to be.
    accepted(torch("2.13.0"), a);
    const auto obstacle = folder_.path() / "mine" / outcome_file_name(c);
    fs::create_directory(obstacle);
    const auto before = folder_.files();
    EXPECT_FALSE(try_to_accept(torch("2.13.0"), {{named_cell, b}, {auto_cell, c}}));
    EXPECT_EQ(folder_.files(), before);
}

TEST_F(Accept, LeavesNothingWhereTheTableCannotBeWritten) {
    fs::create_directories(folder_.path() / "mine" / "expected.tsv" / "in_the_way");
    Golden empty;
    empty.case_name = "mine";
    empty.directory = folder_.path() / "mine";
    const std::vector<Pending> pending{{named_cell, a}};
    EXPECT_FALSE(accept(empty, torch("2.13.0"), pending, Covers::all, "why"));
    EXPECT_THAT(folder_.files(), IsEmpty());
}

TEST_F(Accept, LeavesNoFolderWhereTheGoldenFolderIsAFile) {
    ASSERT_TRUE(write_file(folder_.path() / "mine", "not a folder"));
    Golden empty;
    empty.case_name = "mine";
    empty.directory = folder_.path() / "mine" / "deeper";
    const std::vector<Pending> pending{{named_cell, a}};
    EXPECT_FALSE(accept(empty, torch("2.13.0"), pending, Covers::all, "why"));
    EXPECT_THAT(folder_.files(), SizeIs(1));
}

TEST_F(Accept, RemovesPromotedCellsFromThePendingFiles) {
    const std::vector<Pending> pending{{named_cell, a}, {auto_cell, c}};
    ASSERT_TRUE(write_pending(golden(), torch("2.13.0"), {}, {}, pending));
    accepted(torch("2.13.0"), a);
    const auto left = load_pending(golden());
    ASSERT_TRUE(left && *left);
    ASSERT_THAT((*left)->pending, SizeIs(1));
    EXPECT_EQ((*left)->pending[0].cell, auto_cell);
    ASSERT_TRUE(try_to_accept(torch("2.13.0"), {{auto_cell, c}}));
    EXPECT_FALSE(fs::exists(folder_.path() / "mine" / ".pending"));
}

}  // namespace
}  // namespace exportgate::golden
