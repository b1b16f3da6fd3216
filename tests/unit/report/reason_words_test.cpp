#include "report/reason_words.h"

#include <gmock/gmock.h>

namespace exportgate::report {
namespace {

using namespace verdict;
using outcome::CheckStatus;
using testing::HasSubstr;

template <class What>
std::string said(What what) {
    return words_of(Reason(Difference{Direction::worse, std::move(what)}));
}

TEST(ReasonWords, TellHowTheOutcomeEnds) {
    EXPECT_EQ(said(EndsOtherwise{"exported", "rejected in export: ValueError", ""}),
              "exported -> rejected in export: ValueError");
    EXPECT_EQ(said(RefusedOtherwise{"rejected in export: A", "rejected in export: A", ""}),
              "the message differs");
    EXPECT_EQ(said(RefusedOtherwise{"rejected in export: A", "rejected in export: B", ""}),
              "rejected in export: A -> rejected in export: B");
    EXPECT_EQ(said(AlwaysRaises{false}),
              "the program raised whenever it was called: it could not be used, like a rejected "
              "one");
    EXPECT_THAT(said(AlwaysRaises{true}), HasSubstr("raises whenever it is called"));
    EXPECT_EQ(said(NoLongerThere{"case mine starts later"}),
              "no longer there: case mine starts later");
    EXPECT_EQ(said(FailsBeforeExport{true, "import", "import: ImportError: no"}),
              "fails before export: import: ImportError: no");
    EXPECT_EQ(said(FailsBeforeExport{false, "", "import: ImportError: no"}),
              "no longer fails before export: import: ImportError: no");
}

TEST(ReasonWords, TellHowTheProgramDiffers) {
    EXPECT_EQ(said(OtherProgram{}), "the exported program differs");
    EXPECT_EQ(said(OtherDecomposed{true, true}), "the decomposed program differs");
    EXPECT_EQ(said(OtherDecomposed{false, true}), "there is a decomposed program now");
    EXPECT_EQ(said(OtherDecomposed{true, false}), "there is no decomposed program any more");
    EXPECT_EQ(said(OtherRange{"batch", {"2", "int_oo"}, {"2", "9"}, true}),
              "the range of \"batch\" was 2..int_oo and is 2..9");
    EXPECT_EQ(said(OtherFacts{"constants", {}, {}}),
              "the facts of the program differ, constants: the same in another order");
    EXPECT_EQ(said(OtherFacts{"layout", {"x", "y"}, {}}),
              "the facts of the program differ, layout: x; y -> nothing else");
    EXPECT_EQ(said(OfSavedProgram{"2.9.1", "pair b4c11: refused"}),
              "a program saved by torch 2.9.1: pair b4c11: refused");
    EXPECT_EQ(said(OfSavedProgram{"2.9.1", ""}),
              "a program saved by torch 2.9.1: has another structure where it is loaded");
}

TEST(ReasonWords, TellWhatAChecksSays) {
    EXPECT_EQ(said(CheckTurns{"run", CheckStatus::pass, CheckStatus::fail, "NameError"}),
              "check run: pass -> fail: NameError");
    EXPECT_EQ(said(CheckTurns{"run", CheckStatus::fail, CheckStatus::pass, "a note"}),
              "check run: fail -> pass");
    EXPECT_EQ(said(CheckFailsAtOnce{"run", "NameError"}),
              "check run: fail, not there before: NameError");
    EXPECT_EQ(said(CheckSeenAnew{"run", CheckStatus::fail, "x"}),
              "check run: fails, as this worker looks at it: x");
    EXPECT_EQ(said(CheckSeenAnew{"run", CheckStatus::pass, "x"}),
              "check run: does not fail, as this worker looks at it");
    EXPECT_EQ(said(OtherReason{"dims", CheckStatus::fail, false, "lost"}), "check dims: lost");
    EXPECT_EQ(said(OtherReason{"dims", CheckStatus::fail, true, "lost"}),
              "check dims: no longer: lost");
    EXPECT_EQ(said(OtherReason{"dims", CheckStatus::pass, true, "lost"}),
              "check dims: no longer noted: lost");
    EXPECT_EQ(said(OtherOrderOfChecks{}), "the order of the checks or of their reasons differs");
}

TEST(ReasonWords, TellWhatKeepsACellFromBeingCompared) {
    EXPECT_EQ(words_of(Reason(Obstacle{"", "the worker died"})), "the worker died");
    EXPECT_EQ(words_of(Reason(Obstacle{"2.9.1", "the worker died"})), "2.9.1: the worker died");
    EXPECT_EQ(words_of(Reason(CaseError{"2.9.1", "construct: KeyError: 'q'", "case.py:3"})),
              "2.9.1: fails before export: construct: KeyError: 'q' (case.py:3)");
    EXPECT_THAT(words_of(Reason(RemedyOfCaseError{"construct"})),
                HasSubstr("expected_stage = \"construct\""));
    EXPECT_EQ(words_of(Reason(PossibleCause{"package numpy"})),
              "it may come from package numpy, not from torch");
    EXPECT_EQ(words_of(Reason(RecordedEarlier{{"run", 2, 1}})),
              "check run is not comparable: recorded by an earlier worker (revision 1, expected is "
              "2)");
}

TEST(ReasonWords, TellWhatNoWaiverIsWrittenFor) {
    EXPECT_EQ(words_of(Reason(NotWaived{"case.toml", 30, {"program", "crashed in export"}})),
              "not waived: the waiver at case.toml:30 is not written for \"program\", \"crashed in "
              "export\"");
    EXPECT_THAT(words_of(Reason(NotWaived{"case.toml", 30, {}})),
                HasSubstr("\"a difference of no known kind\""));
}

}  // namespace
}  // namespace exportgate::report
