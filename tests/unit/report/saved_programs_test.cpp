#include "report/saved_programs.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "upgrade_samples.h"

namespace exportgate::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

verdict::Upgrade with_programs(std::size_t tried, std::size_t loaded) {
    auto upgrade = samples::all_same();
    upgrade.programs.tried = tried;
    upgrade.programs.loaded = loaded;
    return upgrade;
}

TEST(SavedPrograms, AreNotSpokenOfWhereNoneWereTried) {
    auto upgrade = with_programs(0, 0);
    upgrade.programs.not_tried = {"mine/plain/strict/named/b3"};
    EXPECT_THAT(upgrade_console(upgrade, {}), Not(HasSubstr("PROGRAMS")));
    EXPECT_THAT(upgrade_markdown(upgrade), Not(HasSubstr("Programs")));
    EXPECT_TRUE(nlohmann::json::parse(upgrade_json(upgrade)).at("programs").is_null());
}

TEST(SavedPrograms, OfAnotherBuildOfTheReleaseAreSaidNotToBeCompared) {
    auto upgrade = with_programs(0, 0);
    upgrade.before.environment.torch_build = "2.9.1+cu128";
    upgrade.programs.of_other_builds = {{"2.9.1+cpu", 2}};
    const std::string said =
        "2 programs of torch 2.9.1+cpu were not compared: A is torch 2.9.1+cu128";
    EXPECT_EQ(programs_part(upgrade).headline, said);
    EXPECT_THAT(upgrade_console(upgrade, {}), HasSubstr("PROGRAMS  " + said));
    const auto json = nlohmann::json::parse(upgrade_json(upgrade));
    EXPECT_EQ(json.at("programs").at("of_other_builds").at("2.9.1+cpu"), 2);
    upgrade.programs.tried = upgrade.programs.loaded = 3;
    EXPECT_EQ(programs_part(upgrade).headline,
              "all 3 programs that torch 2.9.1 saved load in torch 2.10.0; " + said);
}

TEST(SavedPrograms, AreCounted) {
    EXPECT_EQ(programs_part(with_programs(3, 3)).headline,
              "all 3 programs that torch 2.9.1 saved load in torch 2.10.0");
    EXPECT_EQ(programs_part(with_programs(1, 1)).headline,
              "1 program that torch 2.9.1 saved loads in torch 2.10.0");
    EXPECT_EQ(programs_part(with_programs(3, 1)).headline,
              "1 of 3 programs that torch 2.9.1 saved loads in torch 2.10.0");
    EXPECT_EQ(programs_part(with_programs(3, 0)).headline,
              "0 of 3 programs that torch 2.9.1 saved load in torch 2.10.0");
    EXPECT_THAT(programs_part(with_programs(3, 3)).details, IsEmpty());
}

TEST(SavedPrograms, ThatFailAsBeforeAreSaidToLoadAndToFail) {
    auto upgrade = with_programs(3, 3);
    upgrade.programs.failing_as_before = 2;
    EXPECT_EQ(programs_part(upgrade).headline,
              "all 3 programs that torch 2.9.1 saved load in torch 2.10.0; 2 of them fail the "
              "check run there, as in torch 2.9.1");
    EXPECT_EQ(nlohmann::json::parse(upgrade_json(upgrade)).at("programs").at("failing_as_before"),
              2);
    upgrade = with_programs(1, 1);
    upgrade.programs.failing_as_before = 1;
    EXPECT_EQ(programs_part(upgrade).headline,
              "1 program that torch 2.9.1 saved loads in torch 2.10.0; it fails the check run "
              "there, as in torch 2.9.1");
}

TEST(SavedPrograms, ThatDidNotLoadAreNamedWithTheirReason) {
    auto upgrade = with_programs(4, 2);
    for (const char* cell : {"mine/plain/strict/named/b3", "mine/plain/strict/named/b4"})
        upgrade.programs.not_loaded[cell] = {"load raises KeyError: 'a\x1b[1m'"};
    upgrade.programs.not_tried = {"mine/plain/strict/static/b3"};
    EXPECT_THAT(programs_part(upgrade).details,
                ElementsAre(HasSubstr("mine/plain/strict/named/*: load raises KeyError: 'a"),
                            "mine/plain/strict/static/b3: no program of it was there to load"));
    const auto console = upgrade_console(upgrade, {});
    EXPECT_THAT(
        console,
        HasSubstr("\nPROGRAMS  2 of 4 programs that torch 2.9.1 saved load in torch 2.10.0\n"
                  "  mine/plain/strict/named/*: load raises KeyError: 'a"));
    EXPECT_THAT(console, Not(HasSubstr("\x1b")));
    EXPECT_THAT(upgrade_markdown(upgrade),
                HasSubstr("\nPrograms: 2 of 4 programs that torch 2.9.1 saved load in torch "
                          "2.10.0.\n\n- `mine/plain/strict/named/*: load raises"));
    const auto json = nlohmann::json::parse(upgrade_json(upgrade)).at("programs");
    EXPECT_EQ(json.at("saved_by"), "2.9.1+cpu");
    EXPECT_EQ(json.at("tried"), 4);
    EXPECT_EQ(json.at("loaded"), 2);
    EXPECT_EQ(json.at("not_loaded").at(1).at("cell"), "mine/plain/strict/named/b4");
    EXPECT_EQ(json.at("not_tried").at(0), "mine/plain/strict/static/b3");
}

}  // namespace
}  // namespace exportgate::report
