#include "verdict/details.h"

#include <gmock/gmock.h>

namespace exportgate::verdict::of_details {
namespace {

using outcome::CheckStatus;
using outcome::Outcome;
using outcome::Status;
using testing::IsEmpty;
using testing::SizeIs;

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

std::string replaced(std::string text, const std::string& old, const std::string& now) {
    return text.replace(text.find(old), old.size(), now);
}

Outcome program(const std::string& text = program_text, const std::string& decomposed = "",
                CheckStatus run = CheckStatus::pass) {
    return {Status::exported, text, {{"run", run, {}}}, decomposed};
}

Outcome refused(const std::string& message) {
    return {Status::rejected,
            "exportgate rejected 2\nstage: export\nexception: ValueError\nmessage:\n" + message,
            {}};
}

const std::string with_call = replaced(program_text, "  %1 = aten.add.Tensor(%0, %0)\n",
                                       "  %1 = aten.add.Tensor(%0, %0)\n"
                                       "  %2 = aten._assert_scalar.default(s0 >= 1, 'said')\n");

TEST(Details, TheWeightiestDifferenceOfTheProgramComesFirst) {
    const auto wider = replaced(with_call, "1..1024", "2..1024");
    const auto details = details_of(program(), program(wider));
    ASSERT_THAT(details, SizeIs(2));
    EXPECT_EQ(std::get<OtherStructure>(details[0]).what.about, graph::About::calls);
    EXPECT_EQ(std::get<OtherStructure>(details[1]).what.about, graph::About::what_follows);
}

TEST(Details, ADecomposedProgramIsToldOnlyWhereTheProgramIsTheSame) {
    const auto details = details_of(program(program_text, program_text),
                                    program(program_text, with_call, CheckStatus::fail));
    ASSERT_THAT(details, SizeIs(1)) << "the check follows from it";
    EXPECT_TRUE(std::get<OtherStructure>(details[0]).of_decomposed);
    const auto both =
        details_of(program(program_text, program_text), program(with_call, with_call));
    ASSERT_THAT(both, SizeIs(1));
    EXPECT_FALSE(std::get<OtherStructure>(both[0]).of_decomposed);
}

TEST(Details, ChecksAreToldWhereTheProgramsAreTheSame) {
    const auto details = details_of(program(), program(program_text, "", CheckStatus::fail));
    ASSERT_THAT(details, SizeIs(1));
    EXPECT_EQ(std::get<Difference>(details[0]),
              (Difference{Direction::worse,
                          CheckTurns{"run", CheckStatus::pass, CheckStatus::fail, ""}}));
}

TEST(Details, AProgramThatCannotBeReadStillDiffers) {
    const auto details = details_of(program(), program("gibberish\n"));
    ASSERT_THAT(details, SizeIs(1));
    EXPECT_FALSE(std::get<UnreadableStructure>(details[0]).of_decomposed);
}

TEST(Details, OfMessagesTheFirstOtherLine) {
    const auto details = details_of(refused("  one\n  two\n"), refused("  one\n  three\n"));
    ASSERT_THAT(details, SizeIs(1));
    const auto& line = std::get<OtherLine>(details[0]);
    EXPECT_EQ(line.text, OtherLine::Text::message);
    EXPECT_EQ(line.before, "two");
    EXPECT_EQ(line.after, "three");
    const auto longer = details_of(refused("  one\n"), refused("  one\n  two\n"));
    EXPECT_EQ(std::get<OtherLine>(longer.at(0)).before, "");
}

TEST(Details, OfAProgramAndARefusalTheMessage) {
    for (const auto& details :
         {details_of(program(), refused("  one\n")), details_of(refused("  one\n"), program())}) {
        ASSERT_THAT(details, SizeIs(1));
        EXPECT_EQ(std::get<OtherLine>(details[0]).text, OtherLine::Text::message);
    }
    EXPECT_EQ(std::get<OtherLine>(details_of(program(), refused("  one\n"))[0]).after, "one");
}

TEST(Details, EqualOutcomesHaveNone) {
    EXPECT_THAT(details_of(program(), program()), IsEmpty());
    EXPECT_THAT(details_of(refused("  one\n"), refused("  one\n")), IsEmpty());
}

}  // namespace
}  // namespace exportgate::verdict::of_details
