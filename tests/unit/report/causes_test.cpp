#include "report/causes.h"

#include <gmock/gmock.h>

#include "samples.h"

namespace exportgate::report {
namespace {

using namespace samples;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string specialised =
    "Constraints violated (batch)! For more information, run with TORCH_LOGS=\"+dynamic\".\n"
    "  - You marked batch as dynamic but your code specialized it to be a constant (3).";

outcome::Outcome user_error(const std::string& message) {
    std::string lines;
    std::istringstream text(message);
    for (std::string each; std::getline(text, each);)
        lines += "  " + each + "\n";
    return {outcome::Status::rejected,
            "exportgate rejected 2\nstage: export\nexception: torch._dynamo.exc.UserError\n"
            "message:\n" +
                lines,
            {}};
}

Judgement& judged_cell(Judged& judged) {
    return find(judged, "mine/plain/nonstrict/named/b3");
}

TEST(Console, ARejectionThatWasMetBeforeSaysWhatExplainsIt) {
    Judged judged = all_as_expected();
    observe(judged_cell(judged), user_error(specialised));
    EXPECT_THAT(
        console(judged, {}),
        HasSubstr("\n  show more: exportgate show mine/plain/nonstrict/named/b3\n"
                  "  why: exportgate explain mine/plain/nonstrict/named/b3  (len-of-tensor)\n"));
}

TEST(Console, ARejectionThatNobodyMetIsNotSaidToBeExplained) {
    Judged judged = all_as_expected();
    observe(judged_cell(judged), user_error("Something that no torch ever said"));
    EXPECT_THAT(console(judged, {}), Not(HasSubstr("why: ")));
}

TEST(Console, WhatWasExpectedToFailExplainsNoRegression) {
    Judged judged = all_as_expected();
    Judgement& judgement = judged_cell(judged);
    outcome::Outcome known = exported("graph", outcome::CheckStatus::fail);
    known.checks.front().reasons = {"pair b3: differs from eager"};
    judgement.expected = known;
    known.text = "exportgate graph 2\nanother graph\n";
    observe(judgement, known);
    EXPECT_THAT(console(judged, {}), AllOf(HasSubstr("show more: "), Not(HasSubstr("why: "))));
}

Questioned questioned(const outcome::Outcome& outcome) {
    return {outcome::headline(outcome),
            {*matrix::parse_cell("mine/plain/nonstrict/named/b3"), *TorchVersion::parse("2.13.0"),
             catalogue::findings(outcome)}};
}

TEST(Why, FitsTheWidthOfANarrowTerminal) {
    const std::vector<Questioned> cells{questioned(user_error(specialised))};
    const std::string text = why(cells, catalogue::shipped(), {.colour = false, .width = 80});
    std::istringstream lines(text);
    std::size_t count = 0;
    for (std::string each; std::getline(lines, each); ++count)
        EXPECT_LE(each.size(), 80U) << each;
    EXPECT_GT(count, 8U);
}

TEST(Why, NeverSendsControlCharactersToTheTerminal) {
    const std::vector<Questioned> cells{questioned(user_error(specialised + "\x1b[2J"))};
    EXPECT_THAT(why(cells, catalogue::shipped(), {}),
                AllOf(HasSubstr("len-of-tensor"), Not(HasSubstr("\x1b"))));
}

}  // namespace
}  // namespace exportgate::report
