#include "outcome/parts.h"

#include <gmock/gmock.h>

namespace exportgate::outcome {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <class Part>
Part part_of(Status status, std::string text) {
    static Outcome outcome;  // a Program has views of it
    outcome = {status, std::move(text), {}};
    return std::get<Part>(parts_of(outcome));
}

TEST(Parts, ARefusalIsReadAsItWasWritten) {
    const Refusal refusal{"export", "ValueError", {"first", "", "  - indented", "message:"}};
    const std::string text = text_of(refusal);
    EXPECT_EQ(text,
              "exportgate rejected 2\nstage: export\nexception: ValueError\nmessage:\n  first\n\n"
              "    - indented\n  message:\n");
    const auto read = part_of<Refusal>(Status::rejected, text);
    EXPECT_EQ(read.stage, refusal.stage);
    EXPECT_EQ(read.exception, refusal.exception);
    EXPECT_EQ(read.message, refusal.message);
}

TEST(Parts, ARefusalMayHaveNoMessage) {
    const auto read = part_of<Refusal>(Status::rejected, text_of({"eager", "SystemExit", {}}));
    EXPECT_EQ(read.stage, "eager");
    EXPECT_THAT(read.message, IsEmpty());
}

TEST(Parts, LinesOfAMessageAreNoFields) {
    const auto read =
        part_of<Refusal>(Status::rejected, text_of({"", "KeyError", {"stage: of its own"}}));
    EXPECT_EQ(read.stage, "");
}

TEST(Parts, ACrashSaysHow) {
    for (const std::string how : {"SIGSEGV", "exit code 3"}) {
        const auto read = part_of<Crash>(Status::crashed, text_of(Crash{"check:run", how}));
        EXPECT_EQ(read.stage, "check:run");
        EXPECT_EQ(read.how, how);
    }
    EXPECT_EQ(part_of<Timeout>(Status::timeout, text_of(Timeout{"export"})).stage, "export");
}

constexpr const char* program_text =
    "exportgate exported 2\n\nsymbols\n  s0  \"batch\"  1..1024\n  s1  \"a\"  \"b\"  2..int_oo\n"
    "  s2  \"length\"  no range\n  s3\n  2*s0  2..2048\n\ninputs\n  \"x\"\n\nin_spec\n  tuple\n";

TEST(Parts, AProgramIsCutBeforeItsSpecs) {
    const auto program = part_of<Program>(Status::exported, program_text);
    EXPECT_TRUE(program.graph.ends_with("\ninputs\n  \"x\"\n"));
    EXPECT_EQ(program.specs, "\nin_spec\n  tuple\n");
}

TEST(Parts, AProgramHasItsNamedDims) {
    const auto program = part_of<Program>(Status::exported, program_text);
    ASSERT_EQ(program.dims.size(), 3);
    EXPECT_THAT(program.dims[0].names, ElementsAre("batch"));
    EXPECT_EQ(program.dims[0].range, (DimRange{"1", "1024"}));
    EXPECT_THAT(program.dims[1].names, ElementsAre("a", "b"));
    EXPECT_EQ(program.dims[1].range, (DimRange{"2", "int_oo"}));
    EXPECT_EQ(program.dims[2].range, DimRange{});
    // Of the others it cannot be said which range is whose, or there is none.
    EXPECT_THAT(ranges_of(program), ElementsAre(std::pair("batch", DimRange{"1", "1024"})));
}

TEST(Parts, ExtentsAreLostWhereABoundMovesInwards) {
    EXPECT_FALSE(loses_extents({"2", "8"}, {"1", "int_oo"}));
    EXPECT_FALSE(loses_extents({"0", "int_oo"}, {"-int_oo", "int_oo"}));
    EXPECT_TRUE(loses_extents({"1", "8"}, {"2", "8"}));
    EXPECT_TRUE(loses_extents({"1", "int_oo"}, {"1", "9223372036854775806"}));
    EXPECT_TRUE(loses_extents({"1", "8"}, {"1", "2*s0"}));
}

}  // namespace
}  // namespace exportgate::outcome
