#include "report/cell_sets.h"

#include <gmock/gmock.h>

#include <functional>

#include "base/text.h"
#include "samples.h"

namespace exportgate::report {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<matrix::Cell> all = samples::cells();

std::vector<matrix::Cell> those(const std::function<bool(const matrix::Cell&)>& predicate) {
    std::vector<matrix::Cell> cells;
    std::copy_if(all.begin(), all.end(), std::back_inserter(cells), predicate);
    return cells;
}

bool is_module(const matrix::Cell& cell) {
    return cell.kind == matrix::Kind::module;
}
bool is_strict(const matrix::Cell& cell) {
    return cell.mode == matrix::Mode::strict;
}

TEST(CellSets, OneCellIsItsName) {
    EXPECT_THAT(describe(std::vector{all[0]}, all), ElementsAre("mine/plain/strict/named/b3"));
}

TEST(CellSets, EveryValueOfAPartIsAStar) {
    EXPECT_THAT(describe(all, all), ElementsAre("mine/*"));
    EXPECT_THAT(describe(those(is_module), all), ElementsAre("mine/module/*"));
    EXPECT_THAT(describe(those(is_strict), all), ElementsAre("mine/*/strict/*"));
    EXPECT_THAT(describe(those([](const auto& cell) { return cell.pair == "b3"; }), all),
                ElementsAre("mine/*/*/*/b3"));
}

TEST(CellSets, SomeValuesOfAPartStandInBraces) {
    matrix::Cell third = all[0];
    third.pair = "b5";
    std::vector<matrix::Cell> more = all;
    more.push_back(third);
    EXPECT_THAT(describe(std::vector{all[0], all[1]}, more),
                ElementsAre("mine/plain/strict/named/{b3,b4}"));
}

TEST(CellSets, WhatIsNoProductIsSeveral) {
    EXPECT_THAT(describe(std::vector{all.front(), all.back()}, all),
                ElementsAre("mine/plain/strict/named/b3", "mine/module/nonstrict/static/b4"));
}

TEST(CellSets, CasesWithTheSameCellsAreOneSet) {
    auto both = all;
    for (auto cell : all) {
        cell.case_name = "other";
        both.push_back(cell);
    }
    EXPECT_THAT(describe_across_cases(both, both), ElementsAre("{mine,other}/*"));
    both.erase(both.begin() + 1);
    const auto cells = both;
    for (const auto& cell : all) {
        auto third = cell;
        third.case_name = "third";
        both.push_back(third);
    }
    EXPECT_THAT(describe_across_cases(cells, both), testing::Contains("other/*"));
}

TEST(CellSets, PatternsMatchTheCellsAndNoOthers) {
    for (unsigned subset = 1; subset < (1U << 16U); subset += 97) {
        std::vector<matrix::Cell> cells;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if ((subset >> i) & 1U) cells.push_back(all[i]);
        }
        const auto globs = patterns(cells, all, all.size());
        ASSERT_FALSE(globs.empty());
        std::vector<matrix::Cell> matched;
        for (const matrix::Cell& cell : all) {
            const bool matches = std::any_of(globs.begin(), globs.end(), [&](const auto& glob) {
                return glob_matches(glob, cell.name());
            });
            if (matches) matched.push_back(cell);
        }
        ASSERT_EQ(matched, cells) << subset;
    }
}

TEST(CellSets, TooManyPatternsAreNone) {
    const auto scattered =
        those([](const auto& cell) { return is_module(cell) == (cell.pair == "b3"); });
    EXPECT_THAT(patterns(scattered, all, 1), IsEmpty());
    EXPECT_THAT(patterns({}, all, 4), IsEmpty());
}

/// hf[arch=..,layers=..] for two layers of three archs, without b of two layers; and another case.
std::vector<matrix::Cell> with_parameters() {
    std::vector<matrix::Case> cases;
    for (const char* name : {"hf[arch=a,layers=1]", "hf[arch=a,layers=2]", "hf[arch=b,layers=1]",
                             "hf[arch=c,layers=1]", "hf[arch=c,layers=2]", "other"}) {
        matrix::Case one;
        one.name = name;
        one.kinds = {matrix::Kind::as_is};
        one.modes = {matrix::Mode::strict, matrix::Mode::nonstrict};
        one.dims_styles = {matrix::DimsStyle::fixed};
        one.pairs = {{"b3", {}}};
        cases.push_back(one);
    }
    return matrix::cells_of(cases);
}

std::vector<matrix::Cell> matched(const std::vector<std::string>& globs) {
    const auto cells = with_parameters();
    return matrix::select(cells, globs).value();
}

TEST(CellSets, CasesOfOneFolderAreOneSet) {
    const auto everything = with_parameters();
    EXPECT_THAT(describe(matched({"hf/*"}), everything), ElementsAre("hf/as_is/*/static/b3"));
    EXPECT_THAT(describe(matched({"hf[layers=1]/*"}), everything),
                ElementsAre("hf[layers=1]/as_is/*/static/b3"));
    EXPECT_THAT(describe(matched({"hf[arch=a]/*/strict/*", "hf[arch=c]/*/strict/*"}), everything),
                ElementsAre("hf[arch={a,c}]/as_is/strict/static/b3"));
    EXPECT_THAT(describe(matched({"hf[arch=a,layers=2]/*", "hf[arch=b]/*"}), everything),
                ElementsAre("hf{[arch=a,layers=2],[arch=b,layers=1]}/as_is/*/static/b3"));
    EXPECT_THAT(describe(matched({"hf[arch=b]/*"}), everything),
                ElementsAre("hf[arch=b,layers=1]/as_is/*/static/b3"));
}

TEST(CellSets, PatternsOfOneFolderHaveItsParameters) {
    const auto everything = with_parameters();
    for (const std::string glob :
         {"hf/*", "hf[layers=1]/*", "hf[arch=a]/*", "*",
          "hf[arch=b,layers=1]/as_is/strict/static/b3", "hf[arch=c]/*/strict/*"}) {
        const auto cells = matched({glob});
        const auto globs = patterns(cells, everything, everything.size());
        ASSERT_EQ(matched(globs), cells) << glob;
        EXPECT_EQ(globs.size(), 1U) << glob;
    }
}

TEST(CellSets, ValuesArePartsOfASet) {
    const auto sets = cell_sets(matched({"hf[arch=a]/*"}), with_parameters());
    ASSERT_EQ(sets.size(), 1U);
    EXPECT_EQ(sets[0].folder, "hf");
    EXPECT_THAT(sets[0].parts[0], ElementsAre("a 1", "a 2"));
    EXPECT_THAT(cell_sets(matched({"hf/*"}), with_parameters())[0].parts[0], ElementsAre("*"));
    EXPECT_THAT(cell_sets(matched({"other/*"}), with_parameters())[0].parts[0], IsEmpty());
}

}  // namespace
}  // namespace exportgate::report
