#include "report/given_away.h"

#include <gmock/gmock.h>

#include "document/markdown.h"
#include "report/releases_checks.h"

namespace exportgate::report {
namespace {

using outcome::CheckResult;
using outcome::CheckStatus;
using outcome::Status;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// A case of two pairs, exported and run in two releases, and given to nobody; each test gives.
class GivenAwayTest : public testing::Test {
  protected:
    GivenAwayTest() {
        matrix::Case mine;
        mine.name = "mine";
        mine.kinds = {matrix::Kind::plain};
        mine.modes = {matrix::Mode::strict};
        mine.dims_styles = {matrix::DimsStyle::named};
        mine.pairs = {{"b3", {{"batch", 3}}}, {"b4", {{"batch", 4}}}};
        cases_ = {mine};
        cells_ = matrix::cells_of(cases_);
        const outcome::Outcome exported{
            Status::exported, "graph", {{"run", CheckStatus::pass, {}, {}, 1}}};
        for (const auto* name : {"2.10.0", "2.13.0"}) {
            releases_.push_back({name, {}});
            releases_.back().cells.assign(cells_.size(), {exported, ""});
        }
    }

    void give(std::size_t release, std::size_t cell, const std::string& consumer,
              CheckStatus status, std::vector<std::string> reasons = {}) {
        releases_[release].cells[cell].outcome->checks.push_back(
            {consumer, status, std::move(reasons), {}, 1});
    }
    GivenAway given() const {
        return given_away(cases_, cells_, releases_);
    }
    std::string markdown() const {
        const std::vector<std::string> names{"2.10.0", "2.13.0"};
        return document::markdown(given_away_document(given(), names));
    }
    /// Of `check`, in each release.
    std::vector<std::string> counts(const std::string& check) const {
        std::vector<std::string> texts;
        for (const auto& row : releases_checks(cases_, cells_, releases_).rows) {
            if (row.name != check) continue;
            for (std::size_t release = 0; release < releases_.size(); ++release)
                texts.push_back(count_text(row, release));
        }
        return texts;
    }

    std::vector<matrix::Case> cases_;
    std::vector<matrix::Cell> cells_;
    std::vector<verdict::Release> releases_;
};

TEST_F(GivenAwayTest, NothingIsSaidWhereNothingWasGiven) {
    EXPECT_THAT(given().columns, IsEmpty());
    EXPECT_THAT(given().rows, IsEmpty());
    EXPECT_TRUE(markdown().empty());
}

TEST_F(GivenAwayTest, AColumnForEachConsumerAndReleaseThatCarriedItOut) {
    give(1, 0, "onnx", CheckStatus::pass);
    give(0, 0, "aoti", CheckStatus::pass);
    give(1, 1, "aoti", CheckStatus::pass);
    EXPECT_THAT(given().columns, ElementsAre(GivenColumn{"aoti", 0}, GivenColumn{"aoti", 1},
                                             GivenColumn{"onnx", 1}));
}

TEST_F(GivenAwayTest, CellsThatSayTheSameAreOneRow) {
    for (const std::size_t cell : {0, 1})
        give(0, cell, "aoti", CheckStatus::pass);
    EXPECT_THAT(given().rows, SizeIs(1));
    EXPECT_THAT(given().rows.front().cells, ElementsAre("plain/strict/named/*"));
    give(1, 1, "aoti", CheckStatus::fail, {"pair b3: refused: x is too small"});
    ASSERT_THAT(given().rows, SizeIs(2));
    EXPECT_THAT(given().rows.back().entries.back().came, Given::failed);
    EXPECT_THAT(given().rows.front().entries.back().came, Given::not_given);
}

TEST_F(GivenAwayTest, WhatIsRefusedAndWhichDimBecameConstantIsSaid) {
    give(1, 0, "onnx", CheckStatus::fail,
         {"dc.keys dim 2: symbolic \"length\" in the program, 5 in the model"});
    give(1, 1, "onnx", CheckStatus::not_applicable, {"not available: x is no tensor"});
    const std::string text = markdown();
    EXPECT_THAT(text, HasSubstr("## Where it goes"));
    EXPECT_THAT(text, HasSubstr("onnx, torch 2.13.0"));
    EXPECT_THAT(text, HasSubstr("**fails**"));
    EXPECT_THAT(text, HasSubstr("in the program, 5 in the model"));
    EXPECT_THAT(text, HasSubstr("not available: x is no tensor"));
    EXPECT_THAT(text, Not(HasSubstr("taken |")));
}

TEST_F(GivenAwayTest, WhatWasNotCarriedOutIsNoZero) {
    give(1, 0, "aoti", CheckStatus::pass);
    give(1, 1, "aoti", CheckStatus::fail, {"pair b3: differs from eager"});
    EXPECT_THAT(counts("aoti"), ElementsAre("", "1 of 2"));
    EXPECT_THAT(counts("run"), ElementsAre("0", "0"));
}

TEST_F(GivenAwayTest, WhatNoConsumerTookIsNoPass) {
    give(0, 0, "onnx", CheckStatus::pass);
    give(0, 1, "onnx", CheckStatus::not_applicable, {"not available: onnx not installed"});
    give(1, 0, "onnx", CheckStatus::not_applicable, {"not available: onnx not installed"});
    EXPECT_THAT(counts("onnx"), ElementsAre("0 of 1", "n/a"));
}

}  // namespace
}  // namespace exportgate::report
