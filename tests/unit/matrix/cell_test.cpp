#include "matrix/cell.h"

#include <gmock/gmock.h>

namespace exportgate::matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Case small_case() {
    Case one;
    one.name = "dynamic_cache";
    one.kinds = {Kind::module, Kind::plain};
    one.modes = {Mode::strict};
    one.dims_styles = {DimsStyle::automatic, DimsStyle::fixed};
    one.pairs = {{"b3c5", {}}, {"b4c11", {}}};
    return one;
}

std::vector<std::string> names(std::span<const Cell> cells) {
    std::vector<std::string> found;
    for (const Cell& cell : cells)
        found.push_back(cell.name());
    return found;
}

std::vector<Cell> small_matrix() {
    const std::vector<Case> cases{small_case()};
    return cells_of(cases);
}

/// The remedy of selecting by `pattern`, which must match nothing.
std::string remedy_of(const std::string& pattern) {
    const auto cells = small_matrix();
    const auto selected = select(cells, std::vector{pattern});
    EXPECT_FALSE(selected) << pattern;
    return selected ? "" : selected.error().remedy;
}

TEST(Cells, AreOrderedAsDeclared) {
    EXPECT_THAT(
        names(small_matrix()),
        ElementsAre(
            "dynamic_cache/module/strict/auto/b3c5", "dynamic_cache/module/strict/auto/b4c11",
            "dynamic_cache/module/strict/static/b3c5", "dynamic_cache/module/strict/static/b4c11",
            "dynamic_cache/plain/strict/auto/b3c5", "dynamic_cache/plain/strict/auto/b4c11",
            "dynamic_cache/plain/strict/static/b3c5", "dynamic_cache/plain/strict/static/b4c11"));
    EXPECT_EQ(small_matrix()[0].name_in_folder(), "module/strict/auto/b3c5");
}

TEST(Cells, AreOfThePairsAtWhichTheCaseIsExported) {
    Case one = small_case();
    one.export_pairs = {"b4c11"};
    EXPECT_THAT(names(cells_of({&one, 1})), ElementsAre("dynamic_cache/module/strict/auto/b4c11",
                                                        "dynamic_cache/module/strict/static/b4c11",
                                                        "dynamic_cache/plain/strict/auto/b4c11",
                                                        "dynamic_cache/plain/strict/static/b4c11"));
}

TEST(Cells, NamesAreReadBack) {
    for (const Cell& cell : small_matrix())
        EXPECT_EQ(parse_cell(cell.name()).value(), cell);
}

TEST(Cells, OtherNamesAreRefused) {
    for (const char* name : {"", "a/plain/strict/named", "a/plain/strict/named/p/q",
                             "/plain/strict/named/p", "a/plain/strict/named/*"}) {
        EXPECT_FALSE(parse_cell(name)) << name;
    }
    EXPECT_THAT(to_string(parse_cell("a/modul/strict/named/p").error()),
                HasSubstr("unknown kind \"modul\", did you mean \"module\"?"));
}

TEST(Select, TakesAllWithoutPattern) {
    EXPECT_EQ(select(small_matrix(), {}).value(), small_matrix());
}

TEST(Select, UnitesPatternsInMatrixOrder) {
    const std::vector<std::string> patterns{"*/plain/*/static/b3c5", "*/auto/b4c11",
                                            "*/plain/strict/auto/*"};
    EXPECT_THAT(
        names(select(small_matrix(), patterns).value()),
        ElementsAre("dynamic_cache/module/strict/auto/b4c11",
                    "dynamic_cache/plain/strict/auto/b3c5", "dynamic_cache/plain/strict/auto/b4c11",
                    "dynamic_cache/plain/strict/static/b3c5"));
}

TEST(Select, RefusesAPatternThatMatchesNothingEvenBesideOneThatDoes) {
    const std::vector<std::string> patterns{"*", "*/native/*"};
    const auto cells = small_matrix();
    EXPECT_THAT(to_string(select(cells, patterns).error()),
                HasSubstr("no cell matches \"*/native/*\""));
}

TEST(Select, SuggestsTheNearestPatternThatMatches) {
    EXPECT_EQ(remedy_of("dynamic_cache"), "did you mean \"dynamic_cache/*\"?");
    EXPECT_EQ(remedy_of("dynamic_cache/plain/"), "did you mean \"dynamic_cache/plain/*\"?");
    EXPECT_EQ(remedy_of("module"), "did you mean \"*/module/*\"?");
    EXPECT_EQ(remedy_of("modul"), "did you mean \"*/module/*\"?");
    EXPECT_EQ(remedy_of("*/modul/*"), "did you mean \"*/module/*\"?");
    EXPECT_EQ(remedy_of("b4c1"), "did you mean \"*/b4c11\"?");
    EXPECT_EQ(remedy_of("dynamic_cahe/plain/strict/auto/b3c5"),
              "did you mean \"dynamic_cache/plain/strict/auto/b3c5\"?");
    EXPECT_EQ(remedy_of("dynamic_cache/plain/strict/autob3c5"),
              "did you mean \"dynamic_cache/plain/strict/auto/b3c5\"?");
    EXPECT_EQ(remedy_of("*/somewhere/*"), "`exportgate list` shows the cells");
    EXPECT_EQ(remedy_of(""), "`exportgate list` shows the cells");
}

TEST(Shards, AreADisjointCoverDealtRoundRobin) {
    const auto cells = small_matrix();
    const auto second = cells_of_shard(cells, parse_shard("2/3").value());
    EXPECT_THAT(second, ElementsAre(cells[1], cells[4], cells[7]));
    std::size_t total = 0;
    for (const std::string text : {"1/3", "2/3", "3/3"})
        total += cells_of_shard(cells, parse_shard(text).value()).size();
    EXPECT_EQ(total, cells.size());
    EXPECT_THAT(cells_of_shard(cells, parse_shard("9/9").value()), IsEmpty());
    EXPECT_THAT(cells_of_shard(cells, parse_shard("2/18446744073709551615").value()),
                ElementsAre(cells[1]));
}

TEST(Shards, OtherSpellingsAreRefused) {
    for (const char* text : {"", "2", "0/3", "4/3", "2/3/4", "a/3", "-1/3", "1/", "1/0"})
        EXPECT_FALSE(parse_shard(text)) << text;
}

TEST(Select, KnowsWhichPatternsMayNameACase) {
    for (const char* pattern : {"mine/*", "mine/plain/strict/named/b3c5", "*", "*/plain/*",
                                "m?ne/*", "[lm]ine/*", "mi*", "*/b3c5"}) {
        EXPECT_TRUE(may_name(pattern, "mine")) << pattern;
    }
    for (const char* pattern : {"mine", "yours/*", "mine_too/*", "min/*", "[ab]*", "?/*", ""})
        EXPECT_FALSE(may_name(pattern, "mine")) << pattern;
}

}  // namespace
}  // namespace exportgate::matrix
