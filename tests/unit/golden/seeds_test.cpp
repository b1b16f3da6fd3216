// A golden keeps the seeds that its case had when outcomes were accepted.

#include "golden/seeds.h"

#include <gmock/gmock.h>

#include "samples.h"

namespace exportgate::golden {
namespace {

using namespace samples;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class SeedsOfAGolden : public testing::Test {
  protected:
    void accept_with(const std::string& release, std::int64_t seed, Covers covers = Covers::all,
                     const std::string& cell = named_cell, const outcome::Outcome& outcome = a) {
        const std::vector<Pending> pending{{cell, outcome}};
        const auto done = accept(golden(), torch(release), pending, covers, "x", "", seed);
        ASSERT_TRUE(done) << to_string(done.error());
    }

    Golden golden() const {
        const auto loaded = load(folder_.path(), "mine");
        EXPECT_TRUE(loaded);
        return loaded ? *loaded : Golden();
    }

    std::set<std::int64_t> at(const std::string& release) const {
        return seeds_at(golden(), *TorchVersion::parse(release));
    }

    std::string line() const {
        const auto text = folder_.files().at("mine/expected.tsv");
        const auto begin = text.find("# recorded");
        return text.substr(begin, text.find('\n', begin) - begin);
    }

    Folder folder_;
};

TEST_F(SeedsOfAGolden, ZeroIsNotWritten) {
    accept_with("2.13.0", 0);
    EXPECT_EQ(line(), "# recorded: 2.13.0");
    EXPECT_THAT(at("2.13.0"), UnorderedElementsAre(0));
}

TEST_F(SeedsOfAGolden, ALaterReleaseInheritsThem) {
    accept_with("2.9.1", 0);
    accept_with("2.13.0", 7);
    EXPECT_EQ(line(), "# recorded: 2.9.1 2.13.0, seeds: 2.13.0=7");
    EXPECT_THAT(at("2.8.0"), IsEmpty());
    EXPECT_THAT(at("2.9.1"), UnorderedElementsAre(0));
    EXPECT_THAT(at("2.13.0"), UnorderedElementsAre(7));
    EXPECT_THAT(at("2.14.1"), UnorderedElementsAre(7));
}

TEST_F(SeedsOfAGolden, OutcomesThatStayKeepTheirs) {
    accept_with("2.13.0", 0);
    accept_with("2.13.0", 7, Covers::part, auto_cell);
    EXPECT_EQ(line(), "# recorded: 2.13.0, seeds: 2.13.0=0+7");
    accept_with("2.13.0", 7);
    EXPECT_THAT(at("2.13.0"), UnorderedElementsAre(7)) << "the whole case was seen with it";
    accept_with("2.13.0", 0);
    EXPECT_EQ(line(), "# recorded: 2.13.0");
}

TEST_F(SeedsOfAGolden, AReleaseThatIsRecordedInPartHasThem) {
    accept_with("2.13.0", -3, Covers::part);
    EXPECT_EQ(line(), "# recorded: none, in part: 2.13.0, seeds: 2.13.0=-3");
    EXPECT_THAT(at("2.13.0"), UnorderedElementsAre(-3));
}

TEST_F(SeedsOfAGolden, WhatCannotBeReadIsRefused) {
    accept_with("2.13.0", 7);
    for (const std::string wrong : {"2.13.0=seven", "2.13.0", "x=7", "2.13.0=7 2.13.0=8"}) {
        auto text = folder_.files().at("mine/expected.tsv");
        text.replace(text.find("2.13.0=7"), 8, wrong);
        Folder other;
        fs::create_directory(other.path() / "mine");
        ASSERT_TRUE(write_file(other.path() / "mine" / "expected.tsv", text));
        const auto loaded = load(other.path(), "mine");
        ASSERT_FALSE(loaded) << wrong;
        EXPECT_THAT(to_string(loaded.error().front()), HasSubstr("expected.tsv:2: found \""))
            << wrong;
    }
}

}  // namespace
}  // namespace exportgate::golden
