#include <gmock/gmock.h>

#include "verdict/verdict.h"

namespace exportgate::verdict {
namespace {

using outcome::CheckResult;
using outcome::CheckStatus;
using outcome::Outcome;
using outcome::Status;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto pass = CheckStatus::pass;
constexpr auto fail = CheckStatus::fail;
constexpr auto not_applicable = CheckStatus::not_applicable;

Outcome exported(std::vector<CheckResult> checks, const std::string& body = "graph",
                 const std::string& constants = "constants\n  none\n") {
    return {Status::exported, "exportgate graph 2\n" + body + "\n" + constants, std::move(checks)};
}

Outcome rejected(const std::string& message) {
    return {Status::rejected,
            "exportgate rejected 2\nstage: export\nexception: ValueError\nmessage:\n  " + message +
                "\n",
            {}};
}

const Outcome works = exported({{"run", pass, {}}});
const Outcome broken = exported({{"run", fail, {"NameError"}}});
const Outcome refused = rejected("batch");
const Outcome crashed{
    Status::crashed, "exportgate crashed 2\nstage: export\nsignal: SIGSEGV\n", {}};
const Outcome timed_out{Status::timeout, "exportgate timeout 2\nstage: export\n", {}};

Verdict verdict_of(const Outcome& before, const Outcome& after) {
    return compare(before, after).verdict;
}

using What = decltype(Difference::what);

/// The differences in one direction.
std::vector<What> found(const Comparison& comparison, Direction direction) {
    std::vector<What> all;
    for (const Difference& difference : comparison.differences) {
        if (difference.direction == direction) all.push_back(difference.what);
    }
    return all;
}

std::vector<What> worse(const Comparison& comparison) {
    return found(comparison, Direction::worse);
}
std::vector<What> better(const Comparison& comparison) {
    return found(comparison, Direction::better);
}
std::vector<What> neither(const Comparison& comparison) {
    return found(comparison, Direction::neither);
}

std::set<Place> places(const Comparison& comparison) {
    return places_of(reasons_of(comparison));
}

/// The first is worse than the second, in both directions.
void expect_order(const Outcome& worse, const Outcome& better) {
    EXPECT_EQ(verdict_of(better, worse), Verdict::regressed);
    EXPECT_EQ(verdict_of(worse, better), Verdict::improved);
}

void expect_changed(const Outcome& a, const Outcome& b) {
    EXPECT_EQ(verdict_of(a, b), Verdict::changed);
    EXPECT_EQ(verdict_of(b, a), Verdict::changed);
}

TEST(Compare, EqualOutcomesAreAsExpected) {
    for (const Outcome& outcome : {works, broken, refused, crashed, timed_out}) {
        const Comparison comparison = compare(outcome, outcome);
        EXPECT_EQ(comparison.verdict, Verdict::as_expected);
        EXPECT_THAT(comparison.differences, IsEmpty());
    }
}

TEST(Compare, StatusesAreOrdered) {
    expect_order(refused, works);
    expect_order(crashed, works);
    expect_order(timed_out, works);
    expect_order(crashed, refused);
    expect_order(timed_out, refused);
    expect_changed(crashed, timed_out);
    EXPECT_THAT(worse(compare(works, refused)),
                ElementsAre(EndsOtherwise{"exported", "rejected in export: ValueError",
                                          "rejected in export"}));
}

TEST(Compare, ExportingWithAFailingCheckIsNotBetterThanARefusal) {
    const Comparison comparison = compare(refused, broken);
    EXPECT_EQ(comparison.verdict, Verdict::regressed);
    EXPECT_THAT(better(comparison), ElementsAre(EndsOtherwise{"rejected in export: ValueError",
                                                              "exported, run fails", "exported"}));
    EXPECT_THAT(worse(comparison), ElementsAre(CheckFailsAtOnce{"run", "NameError"}));
    EXPECT_EQ(verdict_of(broken, refused), Verdict::regressed);
}

TEST(Compare, ACheckThatFailsIsWorse) {
    expect_order(broken, works);
    EXPECT_THAT(worse(compare(works, broken)),
                ElementsAre(CheckTurns{"run", pass, fail, "NameError"}));
    EXPECT_THAT(better(compare(broken, works)), ElementsAre(CheckTurns{"run", fail, pass, ""}));
}

TEST(Compare, ACheckThatDoesNotApplyAnyMoreIsWorseThanOneThatPasses) {
    const Outcome skipped = exported({{"run", not_applicable, {"static"}}});
    expect_order(skipped, works);
}

TEST(Compare, ExportingWithADefectOfTheClassIsBetterThanARefusal) {
    for (const std::string name :
         {"bounds", "pytree", "save_load", "decompose", "retrace", "registry"}) {
        const Comparison comparison = compare(refused, exported({{name, fail, {"it is so"}}}));
        EXPECT_EQ(comparison.verdict, Verdict::improved) << name;
        EXPECT_THAT(neither(comparison), ElementsAre(CheckFailsAtOnce{name, "it is so"}));
    }
    for (const std::string name : {"dims", "constants", "run"})
        EXPECT_EQ(verdict_of(refused, exported({{name, fail, {"it is so"}}})), Verdict::regressed);
}

TEST(Compare, ACheckThatCouldNotBeCarriedOutBeforeSaysNothingOfWhatWas) {
    const Outcome did_not_run = exported({{"run", fail, {"x"}}, {"bounds", not_applicable, {"x"}}});
    const Outcome runs = exported({{"run", pass, {}}, {"bounds", fail, {"batch = 0: accepted"}}});
    const Comparison comparison = compare(did_not_run, runs);
    EXPECT_EQ(comparison.verdict, Verdict::improved);
    EXPECT_THAT(neither(comparison),
                ElementsAre(CheckTurns{"bounds", not_applicable, fail, "batch = 0: accepted"}));
    EXPECT_EQ(verdict_of(runs, did_not_run), Verdict::regressed);
}

TEST(Compare, AnotherExceptionAtTheSameStepIsNeitherWorseNorBetter) {
    expect_changed(exported({{"retrace", fail, {"export raises TypeError: a"}}}),
                   exported({{"retrace", fail, {"export raises KeyError"}}}));
    expect_order(exported({{"retrace", fail, {"export raises TypeError", "pair b3c5: refused"}}}),
                 exported({{"retrace", fail, {"export raises KeyError"}}}));
    EXPECT_EQ(verdict_of(exported({{"run", fail, {"pair a: raises KeyError"}}}),
                         exported({{"run", fail, {"pair b: raises KeyError"}}})),
              Verdict::regressed);
}

TEST(Compare, NotApplicableToFailIsWorseAndBackIsNeither) {
    const Outcome skipped = exported({{"run", not_applicable, {}}});
    EXPECT_EQ(verdict_of(skipped, broken), Verdict::regressed);
    EXPECT_EQ(verdict_of(broken, skipped), Verdict::changed);
}

TEST(Compare, ANewReasonIsWorseAndOneThatIsGoneIsBetter) {
    const Outcome one = exported({{"dims", fail, {"lost: x dim 0"}}});
    const Outcome two = exported({{"dims", fail, {"lost: x dim 0", "lost: y dim 2"}}});
    expect_order(two, one);
    EXPECT_THAT(worse(compare(one, two)),
                ElementsAre(OtherReason{"dims", fail, false, "lost: y dim 2"}));
    EXPECT_THAT(better(compare(two, one)),
                ElementsAre(OtherReason{"dims", fail, true, "lost: y dim 2"}));
}

TEST(Compare, ExchangedReasonsAreWorse) {
    const Outcome x = exported({{"dims", fail, {"lost: x dim 0"}}});
    const Outcome y = exported({{"dims", fail, {"lost: y dim 2"}}});
    EXPECT_EQ(verdict_of(x, y), Verdict::regressed);
    EXPECT_EQ(verdict_of(y, x), Verdict::regressed);
}

TEST(Compare, ReasonsOfAPassingCheckAreNeither) {
    expect_changed(exported({{"run", pass, {"a"}}}), exported({{"run", pass, {"b"}}}));
    expect_changed(exported({{"run", not_applicable, {"a"}}}),
                   exported({{"run", not_applicable, {"b"}}}));
}

TEST(Compare, ACheckThatOneDidNotCarryOutIsNotCompared) {
    for (const CheckStatus status : {pass, fail, not_applicable}) {
        const Outcome with_more = exported({{"run", pass, {}}, {"registry", status, {}}});
        EXPECT_EQ(verdict_of(with_more, works), Verdict::as_expected);
        EXPECT_THAT(compare(with_more, works).not_compared,
                    ElementsAre(NotCompared{"registry", 1, 0}));
        EXPECT_EQ(verdict_of(works, with_more),
                  status == fail ? Verdict::changed : Verdict::as_expected);
        EXPECT_THAT(compare(works, with_more).not_compared,
                    ElementsAre(NotCompared{"registry", 0, 1}));
    }
}

TEST(Compare, ALaterRevisionOfACheckIsNotCompared) {
    const Outcome failed = exported({{"run", fail, {"x"}}});
    const Outcome later = exported({{"run", fail, {"another"}, {}, 2}});
    const Comparison comparison = compare(failed, later);
    EXPECT_EQ(comparison.verdict, Verdict::as_expected);
    EXPECT_THAT(reasons_of(comparison), IsEmpty());
    EXPECT_THAT(comparison.not_compared, ElementsAre(NotCompared{"run", 1, 2}));
}

TEST(Compare, WhatALaterRevisionFindsFirstIsNotGreenThoughNotWorse) {
    const Outcome later = exported({{"run", fail, {"x"}, {}, 2}});
    const Comparison comparison = compare(works, later);
    EXPECT_EQ(comparison.verdict, Verdict::changed);
    EXPECT_THAT(neither(comparison), ElementsAre(CheckSeenAnew{"run", fail, "x"}));
    EXPECT_EQ(verdict_of(works, exported({{"run", pass, {}, {}, 2}})), Verdict::as_expected);
    const Outcome failed = exported({{"run", fail, {"x"}}});
    EXPECT_EQ(verdict_of(failed, exported({{"run", pass, {}, {}, 2}})), Verdict::changed);
}

TEST(Compare, AnEarlierRevisionOfACheckIsNeverGreen) {
    const Outcome later = exported({{"run", pass, {}, {}, 2}});
    const Comparison comparison = compare(later, works);
    EXPECT_EQ(comparison.verdict, Verdict::unobserved);
    EXPECT_THAT(reasons_of(comparison), ElementsAre(RecordedEarlier{{"run", 2, 1}}));
    // Whatever else got worse did.
    const Outcome lost = exported({{"run", pass, {}}, {"pytree", fail, {"x"}}});
    const Outcome had = exported({{"run", pass, {}, {}, 2}, {"pytree", pass, {}}});
    EXPECT_EQ(verdict_of(had, lost), Verdict::regressed);
}

TEST(Compare, NotesAreNoDifference) {
    for (const CheckStatus status : {pass, fail, not_applicable}) {
        const Outcome one =
            exported({{"bounds", status, {"x"}, {"batch = 0: accepted, as eager"}}});
        const Outcome other = exported({{"bounds", status, {"x"}, {}}});
        EXPECT_EQ(verdict_of(one, other), Verdict::as_expected);
        EXPECT_EQ(verdict_of(other, one), Verdict::as_expected);
        EXPECT_THAT(reasons_of(compare(other, one)), IsEmpty());
    }
}

TEST(Compare, TheDecomposedProgramOfACheckThatWasNotCarriedOutIsNotMissed) {
    Outcome with_it = exported({{"run", pass, {}}, {"decompose", pass, {}}});
    with_it.decomposed = "a program";
    EXPECT_EQ(verdict_of(with_it, works), Verdict::as_expected);
}

TEST(Compare, ATextThatDiffersIsChanged) {
    expect_changed(works, exported({{"run", pass, {}}}, "another graph"));
    EXPECT_THAT(neither(compare(works, exported({{"run", pass, {}}}, "another graph"))),
                ElementsAre(OtherProgram{}));
    expect_changed(refused, rejected("another message"));
    const std::string headline = "rejected in export: ValueError";
    EXPECT_THAT(neither(compare(refused, rejected("another message"))),
                ElementsAre(RefusedOtherwise{headline, headline, "rejected in export"}));
}

TEST(Compare, AnotherDecomposedProgramIsChanged) {
    const auto with = [](const std::string& decomposed, CheckStatus status = pass) {
        Outcome outcome = exported({{"decompose", status, {}}});
        outcome.decomposed = decomposed;
        return outcome;
    };
    expect_changed(with("a"), with("b"));
    EXPECT_THAT(neither(compare(with("a"), with("b"))), ElementsAre(OtherDecomposed{true, true}));
    EXPECT_THAT(neither(compare(with(""), with("b"))), ElementsAre(OtherDecomposed{false, true}));
    expect_changed(with(""), with("b"));
    expect_order(with("", fail), with("a"));
    EXPECT_THAT(neither(compare(with("a"), with("", fail))),
                ElementsAre(OtherDecomposed{true, false}));
    EXPECT_THAT(neither(compare(refused, with("a"))), IsEmpty()) << "that it exports says it";
}

TEST(Compare, ConstantsThatDifferAreChanged) {
    // That one holds the values of an input the check constants says.
    const auto with = [](const std::string& line) {
        return exported({{"constants", pass, {}}}, "graph", "constants\n" + line);
    };
    expect_changed(with("  none\n"), with("  %3  float32[1] = [1.0], the values of x\n"));
}

TEST(Compare, ADimThatLosesExtentsIsWorse) {
    const auto ranged = [](const std::string& lines) {
        return exported({{"dims", pass, {}}, {"run", pass, {}}}, "\nsymbols\n" + lines);
    };
    const auto open = ranged("  s0  \"batch\"  2..int_oo\n  s1  \"clength\"  2..int_oo\n");
    const auto narrow = ranged("  s0  \"batch\"  2..9\n  s1  \"clength\"  2..int_oo\n");
    expect_order(narrow, open);
    EXPECT_THAT(worse(compare(open, narrow)),
                ElementsAre(OtherRange{"batch", {"2", "int_oo"}, {"2", "9"}, true}));
    expect_order(ranged("  s0  \"batch\"  3..int_oo\n"), ranged("  s0  \"batch\"  2..int_oo\n"));
    EXPECT_EQ(verdict_of(ranged("  s0  \"batch\"  2..8\n"), ranged("  s0  \"batch\"  3..9\n")),
              Verdict::regressed);
    EXPECT_EQ(verdict_of(open, ranged("  s0  \"batch\"  2..z0\n")), Verdict::regressed)
        << "what cannot be read is never better";
}

TEST(Compare, RangesOfNobodysDimAreChanged) {
    const auto ranged = [](const std::string& lines) {
        return exported({{"run", pass, {}}}, "\nsymbols\n" + lines);
    };
    expect_changed(ranged("  s0  2..int_oo\n"), ranged("  s0  2..9\n"));
    expect_changed(ranged("  s0  \"batch\"  2..int_oo\n"), ranged("  s0  \"batch\"  no range\n"));
    expect_changed(ranged("  s0  \"batch\"  2..9\n  s1  \"batch\"  2..9\n"),
                   ranged("  s0  \"batch\"  2..8\n  s1  \"batch\"  2..9\n"));
    expect_changed(ranged("  s0  \"batch\"  \"clength\"  2..9\n"),
                   ranged("  s0  \"batch\"  2..9\n  s1  \"clength\"  2..8\n"));
}

TEST(Compare, AnythingWorseIsRegressedWhateverElseGotBetter) {
    const Outcome before = exported({{"dims", fail, {"lost: x dim 0"}}, {"run", pass, {}}});
    const Outcome after = exported({{"dims", pass, {}}, {"run", fail, {"NameError"}}});
    const Comparison comparison = compare(before, after);
    EXPECT_EQ(comparison.verdict, Verdict::regressed);
    EXPECT_THAT(better(comparison), ElementsAre(CheckTurns{"dims", fail, pass, ""}));
}

TEST(Compare, SomethingBetterWithAnotherGraphIsImproved) {
    EXPECT_EQ(verdict_of(broken, exported({{"run", pass, {}}}, "another graph")),
              Verdict::improved);
}

TEST(Compare, AnotherOrderOfChecksIsNotEqual) {
    expect_changed(exported({{"run", pass, {}}, {"dims", pass, {}}}),
                   exported({{"dims", pass, {}}, {"run", pass, {}}}));
}

TEST(Compare, WhatIsWorseIsToldFirst) {
    const auto reasons =
        reasons_of(compare(exported({{"dims", fail, {"x"}}, {"run", pass, {}}}),
                           exported({{"dims", pass, {}}, {"run", fail, {"y"}}}, "another graph")));
    EXPECT_THAT(reasons,
                ElementsAre(Difference{Direction::worse, CheckTurns{"run", pass, fail, "y"}},
                            Difference{Direction::better, CheckTurns{"dims", fail, pass, ""}},
                            Difference{Direction::neither, OtherProgram{}}));
}

TEST(VerdictTable, SaysWhatFails) {
    EXPECT_FALSE(info(Verdict::as_expected).fails);
    EXPECT_FALSE(info(Verdict::cosmetic).fails);
    EXPECT_FALSE(info(Verdict::waived).fails);
    for (const Verdict verdict :
         {Verdict::improved, Verdict::changed, Verdict::regressed, Verdict::new_}) {
        EXPECT_TRUE(info(verdict).fails);
        EXPECT_FALSE(info(verdict).cannot_judge);
    }
    EXPECT_TRUE(info(Verdict::unobserved).cannot_judge);
    EXPECT_EQ(info(Verdict::new_).label, "new");
}

/// A case of two pairs, and its cell at the first.
struct AskedOfPairs {
    matrix::Case one;
    matrix::Cell cell{"mine", matrix::Kind::native, matrix::Mode::strict, matrix::DimsStyle::named,
                      "b3c5"};

    AskedOfPairs() {
        one.pairs = {{"b3c5", {}}, {"b4c11", {}}};
    }
    Comparison compared(const Outcome& before, const Outcome& after) const {
        return compare(before, after, {&one, &cell});
    }
};

const Outcome always_raising =
    exported({{"dims", fail, {"x dim 0: asked \"batch\" 1..1024, got constant 3"}},
              {"run", fail, {"pair b3c5: raises NameError", "pair b4c11: raises NameError"}}});

TEST(Compare, AProgramThatAlwaysRaisesIsAsLoudAsARejection) {
    const AskedOfPairs asked;
    const auto lost = asked.compared(always_raising, refused);
    EXPECT_EQ(lost.verdict, Verdict::changed);
    EXPECT_THAT(neither(lost),
                ElementsAre(testing::VariantWith<EndsOtherwise>(testing::_), AlwaysRaises{false}));
    EXPECT_THAT(places(lost), ElementsAre("rejected in export"));
    const auto gained = asked.compared(refused, always_raising);
    EXPECT_EQ(gained.verdict, Verdict::changed) << "neither improved, nor silently wrong";
    EXPECT_THAT(worse(gained), IsEmpty());
    EXPECT_THAT(neither(gained), testing::Contains(What(AlwaysRaises{true})));
    EXPECT_EQ(asked.compared(always_raising, crashed).verdict, Verdict::regressed);
    EXPECT_EQ(asked.compared(crashed, always_raising).verdict, Verdict::improved);
}

TEST(Compare, OneThatIsRightAtAPairIsNot) {
    const AskedOfPairs asked;
    const Outcome once = exported({{"run", fail, {"pair b3c5: raises NameError"}}});
    EXPECT_EQ(asked.compared(once, refused).verdict, Verdict::regressed);
    EXPECT_EQ(asked.compared(refused, once).verdict, Verdict::regressed);
    EXPECT_EQ(compare(always_raising, refused).verdict, Verdict::regressed)
        << "without the pairs nobody knows";
}

TEST(Compare, ARejectionThatBecameAProgramOfMoreThanIsDeclaredIsNotWorse) {
    const Outcome general = exported(
        {{"dims", fail, {"position: declared length, got no constant"}}, {"run", pass, {}}});
    EXPECT_EQ(verdict_of(refused, general), Verdict::improved);
    const Outcome lost = exported({{"dims", fail, {"x dim 0: asked \"batch\", got constant 3"}}});
    EXPECT_EQ(verdict_of(refused, lost), Verdict::regressed);
}

TEST(Compare, NamesTheKindAndThePlaceOfEachDifference) {
    const auto turned = compare(
        exported({{"run", pass, {}}, {"bounds", pass, {}}}),
        exported({{"run", fail, {"x"}}, {"bounds", not_applicable, {"y"}}}, "another graph"));
    EXPECT_THAT(places(turned),
                ElementsAre("check bounds does not apply", "check run fails", "program"));
    EXPECT_THAT(places(compare(works, crashed)), ElementsAre("crashed in export"));
    EXPECT_THAT(places(compare(crashed, works)), ElementsAre("exported"));
    EXPECT_THAT(places(compare(refused, rejected("other words"))),
                ElementsAre("rejected in export"));
    EXPECT_THAT(places(compare(works, works)), IsEmpty());
}

Outcome with_facts(const std::string& facts) {
    auto outcome = works;
    outcome.facts = facts;
    return outcome;
}

TEST(Facts, ThatDifferAreNeitherBetterNorWorse) {
    const auto comparison =
        compare(with_facts("\nfacts 1\n  layout\n    x  cpu  strides [8, 1]\n    y  cpu\n"),
                with_facts("\nfacts 1\n  layout\n    x  cpu  strides [1, 8]\n    y  cpu\n"));
    EXPECT_EQ(comparison.verdict, Verdict::changed);
    EXPECT_THAT(
        neither(comparison),
        ElementsAre(OtherFacts{"layout", {"x  cpu  strides [8, 1]"}, {"x  cpu  strides [1, 8]"}}));
}

TEST(Facts, OfOneSideOnlyAreNotCompared) {
    const auto some = with_facts("\nfacts 1\n  layout\n    none\n");
    const auto more = with_facts("\nfacts 1\n  guards\n    x dim 0 != 7\n  layout\n    none\n");
    const auto gone = compare(some, works);
    EXPECT_EQ(gone.verdict, Verdict::as_expected);
    EXPECT_THAT(gone.not_compared, ElementsAre(NotCompared{"facts", 1, 0}));
    const auto came = compare(works, some);
    EXPECT_EQ(came.verdict, Verdict::as_expected);
    EXPECT_THAT(came.not_compared, ElementsAre(NotCompared{"facts", 0, 1}));
    EXPECT_THAT(compare(some, more).not_compared, ElementsAre(NotCompared{"facts.guards", 0, 1}));
    EXPECT_THAT(compare(more, some).not_compared, ElementsAre(NotCompared{"facts.guards", 1, 0}));
    EXPECT_EQ(compare(some, more).verdict, Verdict::as_expected);
    Judgement judgement;
    judgement.verdict = Verdict::as_expected;
    judgement.not_compared = came.not_compared;
    EXPECT_FALSE(is_settled(judgement)) << "there is something to accept";
    judgement.not_compared = gone.not_compared;
    EXPECT_TRUE(is_settled(judgement)) << "of an earlier record";
}

TEST(Facts, OfAnEarlierRevisionAreNotGreen) {
    const auto old = with_facts("\nfacts 1\n  layout\n    none\n");
    const auto now = with_facts("\nfacts 2\n  layout\n    none\n");
    EXPECT_EQ(verdict_of(now, old), Verdict::unobserved);
    EXPECT_EQ(verdict_of(old, now), Verdict::as_expected);
}

}  // namespace
}  // namespace exportgate::verdict
