#include <gmock/gmock.h>

#include "golden/outcome_file.h"
#include "samples.h"

namespace exportgate::golden {
namespace {

using namespace samples;

outcome::Outcome with_facts(outcome::Outcome outcome, const std::string& line) {
    outcome.facts = "\nfacts 1\n  layout\n    " + line + "\n";
    return outcome;
}

TEST(FactsOfAGolden, StandBehindItsTextAndMakeARowWhereTheyAreOthers) {
    const Folder folder;
    const auto accepts = [&](const std::string& version, const outcome::Outcome& outcome) {
        const std::vector<Pending> pending{{named_cell, outcome}};
        const auto done =
            accept(*load(folder.path(), "mine"), torch(version), pending, Covers::all, "seen");
        ASSERT_TRUE(done) << to_string(done.error());
    };
    const auto expected_at = [&](const std::string& version) {
        return expected_outcome(*load(folder.path(), "mine"), named_cell, torch(version));
    };
    const auto one = with_facts(a, "x  cpu");
    const auto other = with_facts(a, "x  cuda");
    accepts("2.12.0", a);
    accepts("2.13.0", one);
    accepts("2.14.0", other);
    EXPECT_EQ(expected_at("2.12.0"), a) << "an earlier golden has none";
    EXPECT_EQ(expected_at("2.13.0"), one);
    EXPECT_EQ(expected_at("2.14.0"), other);
    EXPECT_NE(outcome_file_name(one), outcome_file_name(other));
    EXPECT_EQ(folder.files().at("mine/" + outcome_file_name(one)),
              "# replaces " + outcome_file_name(a) + "\n" + one.text + one.facts);
}

}  // namespace
}  // namespace exportgate::golden
