// One release accepted in several goes, each with its own reason.
#include <gmock/gmock.h>

#include <algorithm>

#include "samples.h"

namespace exportgate::golden {
namespace {

using namespace samples;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string static_cell = "plain/strict/static/b3c5";

class AcceptInPart : public testing::Test {
  protected:
    Golden golden() const {
        auto loaded = load(folder_.path(), "mine");
        EXPECT_TRUE(loaded) << (loaded ? "" : all_of(loaded.error()));
        return loaded ? *loaded : Golden{};
    }

    Accepted accepts(Covers covers, const std::string& release, const std::vector<Pending>& pending,
                     const std::string& why = "seen") {
        auto result = accept(golden(), torch(release), pending, covers, why);
        EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
        return result ? *result : Accepted{};
    }
    Accepted part(const std::string& release, const std::vector<Pending>& pending) {
        return accepts(Covers::part, release, pending);
    }
    Accepted all(const std::string& release, const std::vector<Pending>& pending) {
        return accepts(Covers::all, release, pending);
    }

    outcome::Outcome expects(const std::string& name, const std::string& release) const {
        return expected_outcome(golden(), name, torch(release));
    }
    std::string explains(const std::string& name, const std::string& release) const {
        return expected(golden(), cell(name), torch(release)).explanation;
    }
    /// "cell since" of every row.
    std::vector<std::string> rows() const {
        std::vector<std::string> keys;
        for (const Row& row : golden().rows)
            keys.push_back(row.cell + " " + row.since.text());
        return keys;
    }
    std::string second_line() const {
        const std::string text = *read_file(folder_.path() / "mine" / "expected.tsv");
        const auto begin = text.find('\n') + 1;
        return text.substr(begin, text.find('\n', begin) - begin);
    }

    const outcome::Outcome c_ = rejected("c");
    Folder folder_;
};

TEST_F(AcceptInPart, TheFirstCellsDoNotRecordTheRelease) {
    part("2.6.0", {{named_cell, a}});
    EXPECT_EQ(second_line(), "# recorded: none, in part: 2.6.0");
    EXPECT_EQ(expects(named_cell, "2.6.0"), a);
    EXPECT_EQ(explains(named_cell, "2.6.0"), "since 2.6.0: seen");
    EXPECT_EQ(explains(auto_cell, "2.6.0"), "no outcome was ever accepted for this cell");
}

TEST_F(AcceptInPart, TheLastCellsDo) {
    part("2.6.0", {{named_cell, a}});
    all("2.6.0", {{auto_cell, b}});
    EXPECT_EQ(second_line(), "# recorded: 2.6.0");
    part("2.7.1", {{named_cell, b}});
    EXPECT_EQ(second_line(), "# recorded: 2.6.0, in part: 2.7.1");
    all("2.7.1", {{auto_cell, a}});
    EXPECT_EQ(second_line(), "# recorded: 2.6.0 2.7.1");
}

TEST_F(AcceptInPart, OtherCellsOfANewestReleaseSayThatTheyInherit) {
    all("2.6.0", {{named_cell, a}, {auto_cell, a}});
    part("2.7.1", {{named_cell, b}});
    EXPECT_THAT(explains(auto_cell, "2.7.1"),
                HasSubstr("inherited from 2.6.0, the last recorded release"));
    EXPECT_EQ(explains(named_cell, "2.7.1"), "since 2.7.1: seen");
    EXPECT_THAT(explains(named_cell, "2.8.0"), HasSubstr("inherited from 2.7.1"));
}

TEST_F(AcceptInPart, OtherCellsOfAReleaseInBetweenStayNew) {
    all("2.6.0", {{named_cell, a}, {auto_cell, a}});
    all("2.13.0", {{named_cell, b}, {auto_cell, b}});
    part("2.9.1", {{named_cell, c_}});
    EXPECT_EQ(expects(named_cell, "2.9.1"), c_);
    EXPECT_EQ(expects(auto_cell, "2.9.1"), outcome::Outcome{});
    EXPECT_THAT(explains(auto_cell, "2.9.1"), HasSubstr("was never recorded"));
    EXPECT_EQ(expects(named_cell, "2.13.0"), b);
}

TEST_F(AcceptInPart, TheReleaseInBetweenIsKnownToTheCellsThatWereAccepted) {
    all("2.6.0", {{named_cell, a}, {auto_cell, a}});
    all("2.13.0", {{named_cell, b}, {auto_cell, b}});
    part("2.9.1", {{named_cell, b}});
    EXPECT_EQ(expects(named_cell, "2.10.0"), b) << "2.9.1 and 2.13.0 around it expect the same";
    EXPECT_EQ(expects(auto_cell, "2.10.0"), outcome::Outcome{});
}

TEST_F(AcceptInPart, ARowThatSaysWhatTheReleaseBeforeSaysLivesUntilTheReleaseIsRecorded) {
    all("2.6.0", {{named_cell, a}, {auto_cell, a}});
    all("2.13.0", {{named_cell, b}, {auto_cell, b}});
    part("2.9.1", {{named_cell, a}});
    EXPECT_EQ(expects(named_cell, "2.9.1"), a);
    EXPECT_THAT(rows(), testing::Contains(named_cell + " 2.9.1"));
    const Accepted done = all("2.9.1", {{auto_cell, c_}});
    EXPECT_THAT(rows(), testing::Not(testing::Contains(named_cell + " 2.9.1")));
    EXPECT_THAT(done.changed, SizeIs(2));
    EXPECT_EQ(expects(named_cell, "2.9.1"), a);
    EXPECT_EQ(expects(auto_cell, "2.9.1"), c_);
}

TEST_F(AcceptInPart, CellsOfAReleaseInPartWereNotSeenAndAreNotRestored) {
    all("2.6.0", {{named_cell, a}, {auto_cell, a}});
    part("2.7.1", {{named_cell, b}});
    const Accepted done = all("2.6.0", {{auto_cell, c_}});
    EXPECT_THAT(done.restored, IsEmpty()) << "nobody has seen this cell at 2.7.1";
    EXPECT_EQ(expects(named_cell, "2.7.1"), b);
}

TEST_F(AcceptInPart, ARowOfAnotherPythonDoesNotMakeTheReleaseKnown) {
    all("2.6.0", {{named_cell, a}, {auto_cell, a}});
    all("2.13.0", {{named_cell, b}, {auto_cell, b}});
    const std::vector<Pending> pending{{named_cell, a}};
    ASSERT_TRUE(
        accept(golden(), torch("2.9.1", "3.12.1"), pending, Covers::part, "seen", "python>=3.12"));
    const auto on = [&](const std::string& python) {
        return expected_outcome(golden(), named_cell, torch("2.9.1", python));
    };
    EXPECT_EQ(on("3.12.1"), a);
    EXPECT_EQ(on("3.11.2"), outcome::Outcome{});
}

TEST_F(AcceptInPart, NothingToAcceptNotesTheReleaseAndNeedsNoReason) {
    all("2.6.0", {{named_cell, a}});
    accepts(Covers::all, "2.7.1", {}, "");
    EXPECT_EQ(second_line(), "# recorded: 2.6.0 2.7.1");
    accepts(Covers::part, "2.8.0", {{named_cell, a}}, "");
    EXPECT_EQ(second_line(), "# recorded: 2.6.0 2.7.1") << "a part that is as expected is no news";
}

TEST_F(AcceptInPart, ADifferenceNeedsAReason) {
    all("2.6.0", {{named_cell, a}});
    const std::vector<Pending> pending{{named_cell, b}};
    EXPECT_FALSE(accept(golden(), torch("2.7.1"), pending, Covers::all, " "));
    EXPECT_EQ(second_line(), "# recorded: 2.6.0");
}

TEST_F(AcceptInPart, RefusesALineThatNamesReleasesWithoutRows) {
    part("2.6.0", {{named_cell, a}});
    const auto table = folder_.path() / "mine" / "expected.tsv";
    std::string text = *read_file(table);
    text.replace(text.find("in part: 2.6.0"), 14, "in part: 2.6.0 2.8.0");
    ASSERT_TRUE(write_file(table, text));
    EXPECT_FALSE(load(folder_.path(), "mine"));
}

/// Ten releases, oldest first, every release in groups: rows stand only where something changed.
TEST_F(AcceptInPart, GroupByGroupGivesTheRowsOfAcceptingAtOnce) {
    const std::vector<std::string> releases{"2.6.0", "2.7.1", "2.8.0", "2.9.1", "2.10.0"};
    const std::vector<std::string> cells{named_cell, auto_cell, static_cell};
    const std::vector<std::vector<outcome::Outcome>> seen{
        {a, a, a}, {a, a, a}, {b, a, a}, {a, a, c_}, {a, b, c_}};
    for (std::size_t i = 0; i < releases.size(); ++i) {
        for (std::size_t j = 0; j < cells.size(); ++j) {
            const std::vector<Pending> group{{cells[j], seen[i][j]}};
            j + 1 < cells.size() ? part(releases[i], group) : all(releases[i], group);
        }
    }
    EXPECT_THAT(rows(),
                ElementsAre(named_cell + " 2.6.0", named_cell + " 2.8.0", named_cell + " 2.9.1",
                            auto_cell + " 2.6.0", auto_cell + " 2.10.0", static_cell + " 2.6.0",
                            static_cell + " 2.9.1"));
    EXPECT_EQ(second_line(), "# recorded: 2.6.0 2.7.1 2.8.0 2.9.1 2.10.0");
}

TEST_F(AcceptInPart, InAnyOrderNoCellExpectsWhatNobodyAccepted) {
    const std::vector<std::string> releases{"2.6.0", "2.8.0", "2.9.1", "2.13.0"};
    const std::vector<std::string> cells{named_cell, auto_cell, static_cell};
    const std::vector<outcome::Outcome> outcomes{a, b, c_};
    unsigned state = 3;
    const auto next = [&state](std::size_t limit) {
        state = state * 1664525U + 1013904223U;
        return (state >> 16U) % limit;
    };
    for (int round = 0; round < 12; ++round) {
        std::map<std::pair<std::string, std::string>, outcome::Outcome> truth;
        std::filesystem::remove_all(folder_.path() / "mine");
        for (int step = 0; step < 14; ++step) {
            const std::string& release = releases[next(releases.size())];
            const std::string& name = cells[next(cells.size())];
            const outcome::Outcome& outcome = outcomes[next(outcomes.size())];
            truth[{release, name}] = outcome;
            const bool whole = std::all_of(cells.begin(), cells.end(), [&](const auto& each) {
                return each == name || (truth.contains({release, each}) &&
                                        expects(each, release) == truth[{release, each}]);
            });
            accepts(whole ? Covers::all : Covers::part, release, {{name, outcome}});
            SCOPED_TRACE(testing::Message() << "round " << round << ", step " << step);
            ASSERT_EQ(expects(name, release), outcome);
            const Golden now = golden();
            for (const auto& at : releases) {
                const auto version = *TorchVersion::parse(at);
                const bool recorded = std::count(now.recorded.begin(), now.recorded.end(), version);
                for (const auto& each : cells) {
                    const bool has_row = std::any_of(
                        now.rows.begin(), now.rows.end(),
                        [&](const Row& row) { return row.cell == each && row.since == version; });
                    const auto found = expected(now, cell(each), torch(at));
                    if (recorded || has_row) {
                        ASSERT_NE(found.row, nullptr) << at << " " << each;
                        ASSERT_EQ(found.row->outcome, (truth[{at, each}])) << at << " " << each;
                    } else if (found.row != nullptr) {
                        ASSERT_THAT(found.explanation,
                                    testing::AnyOf(HasSubstr("(inherited from"),
                                                   HasSubstr("was never recorded")));
                    }
                }
            }
        }
    }
}

}  // namespace
}  // namespace exportgate::golden
