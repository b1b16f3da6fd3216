#include "report/footnotes.h"

#include <gmock/gmock.h>

#include "outcome/exported_text.h"

namespace exportgate::report {
namespace {

using outcome::CheckResult;
using outcome::CheckStatus;
using outcome::Outcome;
using outcome::Status;
using testing::HasSubstr;
using testing::Not;

const std::vector<matrix::Pair> two_pairs{{"b3", {{"batch", 3}}}, {"b4", {{"batch", 4}}}};
const std::vector<matrix::Pair> three_pairs{
    {"b3", {{"batch", 3}}}, {"b4", {{"batch", 4}}}, {"b5", {{"batch", 5}}}};

const std::string program_text = R"(exportgate graph 2

symbols
  s0  "batch"  1..1024

inputs
  %0  USER_INPUT  f32[s0, 8]

graph
  %1 = aten.add.Tensor(%0, %0)

outputs
  USER_OUTPUT  %1  f32[s0, 8]
)";

std::string with_assertion() {
    std::string text = program_text;
    const std::string line = "  %1 = aten.add.Tensor(%0, %0)\n";
    return text.insert(text.find(line) + line.size(),
                       "  %2 = aten._assert_scalar.default(s0 >= 1, 'said')\n");
}

Outcome with_checks(std::vector<CheckResult> checks) {
    return {Status::exported, program_text, std::move(checks)};
}

Outcome with_constants(const std::vector<record::Constant>& constants) {
    record::Exported seen;
    seen.in_spec = {"tuple", "", {}};
    seen.constants = constants;
    return {Status::exported, program_text + outcome::specs_and_constants(seen, {}), {}};
}

Outcome refused(const std::string& message, const std::string& exception = "a.b.UserError") {
    return {
        Status::rejected,
        "exportgate rejected 2\nstage: export\nexception: " + exception + "\nmessage:\n" + message,
        {}};
}

std::string run_fails(const std::vector<std::string>& reasons, const std::string& own,
                      const std::vector<matrix::Pair>& pairs) {
    return note(with_checks({{"run", CheckStatus::fail, reasons}}), own, pairs);
}

TEST(Note, NothingAgainstAProgramIsNoNote) {
    EXPECT_EQ(note(with_checks({{"run", CheckStatus::pass, {}}}), "b3", two_pairs), "");
    EXPECT_EQ(note(with_constants({}), "b3", two_pairs), "");
}

TEST(Note, APairIsNamedByWhatItIsToTheCell) {
    EXPECT_EQ(run_fails({"pair b4: refused"}, "b3", two_pairs),
              "check run fails: refused at the other pair");
    EXPECT_EQ(run_fails({"pair b3: refused"}, "b4", two_pairs),
              "check run fails: refused at the other pair");
    EXPECT_EQ(run_fails({"pair b3: raises E", "pair b4: raises E"}, "b3", two_pairs),
              "check run fails: raises E at every pair");
    EXPECT_EQ(run_fails({"pair b3: raises E"}, "b3", two_pairs),
              "check run fails: raises E at its own pair");
    EXPECT_EQ(run_fails({"pair b4: refused", "pair b5: refused"}, "b3", three_pairs),
              "check run fails: refused at the other pairs");
    EXPECT_EQ(run_fails({"pair b4: refused"}, "b3", three_pairs),
              "check run fails: refused at another pair");
    EXPECT_EQ(run_fails({"pair b3: no", "pair b4: no"}, "b3", three_pairs),
              "check run fails: no at its own pair and another");
}

TEST(Note, WhatIsSaidOfSeveralPlacesIsSaidOnce) {
    EXPECT_EQ(note(with_checks({{"dims",
                                 CheckStatus::fail,
                                 {"k dim 0: got constant 3", "k dim 1: got constant 5",
                                  "x dim 0: got constant 3"}}}),
                   "b3", two_pairs),
              "check dims fails: got constant 3 (k dim 0, x dim 0); got constant 5 (k dim 1)");
}

TEST(Note, EveryFailingCheckOfTheProgramIsSaid) {
    EXPECT_EQ(note(with_checks({{"dims", CheckStatus::fail, {"one"}},
                                {"run", CheckStatus::pass, {}},
                                {"retrace", CheckStatus::fail, {}}}),
                   "b3", two_pairs),
              "check dims fails: one; check retrace fails");
}

TEST(Note, ChecksOfTheRegistrationAreNot) {
    EXPECT_EQ(note(with_checks({{"pytree", CheckStatus::fail, {"one"}},
                                {"registry", CheckStatus::fail, {"two"}}}),
                   "b3", two_pairs),
              "");
}

TEST(Note, AnExceptionIsNoPlace) {
    EXPECT_EQ(note(with_checks({{"decompose",
                                 CheckStatus::fail,
                                 {"run_decompositions raises E: no", "x dim 0: s0, constant 4"}},
                                {"constants",
                                 CheckStatus::fail,
                                 {"k is baked in as a buffer", "v is baked in as a buffer"}}}),
                   "b3", two_pairs),
              "check decompose fails: run_decompositions raises E: no; s0, constant 4 (x dim 0); "
              "check constants fails: baked in as a buffer (k, v)");
}

TEST(Note, ARejectionSaysItsFirstSentenceAndItsCause) {
    EXPECT_EQ(note(refused("  Constraints violated (batch)! For more information, run with X.\n"
                           "    - You marked batch as dynamic but it is constant (3). If you're\n"),
                   "b3", two_pairs),
              "rejected in export: UserError: Constraints violated (batch)! You marked batch as "
              "dynamic but it is constant (3)");
    EXPECT_EQ(
        note(refused("  Unsupported method call\n    Explanation: Dynamo does not know how to "
                     "trace `f` (e.g. this). More.\n",
                     "Unsupported"),
             "b3", two_pairs),
        "rejected in export: Unsupported: Unsupported method call: Dynamo does not know how "
        "to trace `f` (e.g. this)");
    EXPECT_EQ(note(refused("  one line\n\n  another paragraph\n"), "b3", two_pairs),
              "rejected in export: UserError: one line");
    EXPECT_EQ(note(refused(""), "b3", two_pairs), "rejected in export: UserError");
}

TEST(Note, OtherOutcomesAreTheirHeadline) {
    EXPECT_EQ(note({Status::crashed, "exportgate crashed 2\nstage: export\nsignal: SIGSEGV\n", {}},
                   "b3", two_pairs),
              "crashed in export: SIGSEGV");
}

TEST(Note, ControlCharactersAreGone) {
    EXPECT_THAT(note(refused("  \x1b[2J\n"), "b3", two_pairs), Not(HasSubstr("\x1b")));
}

TEST(Difference, AddedCallsComeFirst) {
    EXPECT_EQ(difference(with_checks({}), {Status::exported, with_assertion(), {}}),
              "1 call added: aten._assert_scalar.default");
}

TEST(Difference, AProgramThatCannotBeReadStillDiffers) {
    EXPECT_EQ(difference(with_checks({}), {Status::exported, "gibberish\n", {}}),
              "the exported program differs");
}

TEST(Difference, SpecsAndConstants) {
    auto other_context = with_constants({});
    other_context.text.insert(other_context.text.find("  tuple") + 7, " ['key']");
    EXPECT_EQ(difference(with_constants({}), other_context),
              "the spec says \"tuple ['key']\" instead of \"tuple\"");
    const auto baked = with_constants({{"c", "float32", {1}, "[1.0]", "dc.key[0]"}});
    EXPECT_THAT(difference(with_constants({}), baked), HasSubstr("the values of dc.key[0]"));
}

TEST(Difference, ADecomposedProgramIsSaidWhereTheProgramIsTheSame) {
    auto before = with_checks({});
    before.decomposed = program_text;
    auto after = before;
    after.decomposed = with_assertion();
    EXPECT_EQ(difference(before, after), "decomposed: 1 call added: aten._assert_scalar.default");
    after.text = with_assertion();
    EXPECT_EQ(difference(before, after), "1 call added: aten._assert_scalar.default");
    EXPECT_EQ(difference(before, with_checks({})), "the decomposed program differs");
}

TEST(Difference, ACheckThatDoesNotApplyAnyMore) {
    EXPECT_EQ(difference(with_checks({{"run", CheckStatus::pass, {}}}),
                         with_checks({{"run", CheckStatus::not_applicable, {"no C++"}}})),
              "check run: pass -> n/a: no C++");
}

TEST(Difference, MessagesAreQuotedFromWhereTheyDiffer) {
    const std::string begin =
        "  a line that is much longer than what is quoted of a line, "
        "and goes on to the word ";
    EXPECT_EQ(
        difference(refused(begin + "before\n"), refused(begin + "after\n")),
        "the message says \"... on to the word after\" instead of \"... on to the word before\"");
    const std::string word(100, 'x');
    EXPECT_THAT(difference(refused("  " + word + "1y\n"), refused("  " + word + "2y\n")),
                testing::AllOf(HasSubstr("x2y\""), HasSubstr("x1y\"")));
    EXPECT_THAT(difference(refused("  1 " + word + "\n"), refused("  2 " + word + "\n")),
                testing::AllOf(HasSubstr("\"2 x"), HasSubstr("\"1 x"), HasSubstr("x ...\"")));
    EXPECT_EQ(difference(refused("  one\n"), refused("  one\n  User stack:\n")),
              "the message adds \"User stack:\"");
    EXPECT_EQ(difference(refused("  one\n  User stack:\n"), refused("  one\n")),
              "the message lacks \"User stack:\"");
}

TEST(Difference, OutcomesThatDifferAlwaysHaveOne) {
    EXPECT_NE(difference(with_checks({{"a", CheckStatus::fail, {"one", "two"}}}),
                         with_checks({{"a", CheckStatus::fail, {"two", "one"}}})),
              "");
    EXPECT_NE(difference(refused("  one\n", "A"), refused("  one\n", "B")), "");
    EXPECT_NE(difference(refused("  one\n"), refused("  one\n\n")), "");
}

}  // namespace
}  // namespace exportgate::report
