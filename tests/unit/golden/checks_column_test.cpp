#include "golden/checks_column.h"

#include <gmock/gmock.h>

namespace exportgate::golden {
namespace {

using outcome::CheckResult;
using outcome::CheckStatus;
using testing::HasSubstr;

std::vector<CheckResult> checks_with_reasons(std::vector<std::string> reasons) {
    return {{"dims", CheckStatus::fail, std::move(reasons)}, {"run", CheckStatus::pass, {}}};
}

TEST(ChecksColumn, IsOneWordACheck) {
    const std::vector<CheckResult> checks{{"dims", CheckStatus::pass, {}},
                                          {"run", CheckStatus::fail, {}},
                                          {"registry", CheckStatus::not_applicable, {}}};
    EXPECT_EQ(print_checks(checks), "dims=pass run=fail registry=n/a");
    EXPECT_EQ(parse_checks("dims=pass run=fail registry=n/a"), checks);
}

TEST(ChecksColumn, ReasonsStandInBraces) {
    const auto checks = checks_with_reasons({"lost: x dim 0 \"batch\"", "lost: (y) dim 2"});
    EXPECT_EQ(print_checks(checks),
              "dims=fail{lost: x dim 0 \"batch\" | lost: (y) dim 2} run=pass");
    EXPECT_EQ(parse_checks(print_checks(checks)), checks);
}

TEST(ChecksColumn, RoundTripsWhateverAReasonHolds) {
    for (const std::string reason :
         {"a|b", "a | b", " a ", "a }", "{", "}", "\\", "\\|", "\\n", "tab\there", "two\nlines",
          "cr\r", "run=pass", "", " | ", "|", "a \\| b"}) {
        const auto one = checks_with_reasons({reason});
        EXPECT_EQ(parse_checks(print_checks(one)), one) << reason;
        const auto three = checks_with_reasons({reason, "other", reason + " again"});
        EXPECT_EQ(parse_checks(print_checks(three)), three) << reason;
        EXPECT_EQ(print_checks(one).find_first_of("\t\n\r"), std::string::npos) << reason;
    }
}

TEST(ChecksColumn, NotesStandBehindAPlusAndRevisionsBehindADot) {
    const std::vector<CheckResult> checks{{"run", CheckStatus::fail, {"a"}, {"b", "c+{d}"}, 12},
                                          {"bounds", CheckStatus::pass, {}, {"as eager"}}};
    EXPECT_EQ(print_checks(checks), "run.12=fail{a}+{b | c+\\{d\\}} bounds=pass+{as eager}");
    const auto read = parse_checks(print_checks(checks));
    ASSERT_EQ(read, checks);
    EXPECT_EQ((*read)[0].notes, checks[0].notes);
    EXPECT_EQ((*read)[1].notes, checks[1].notes);
}

TEST(ChecksColumn, NoChecksIsADash) {
    EXPECT_EQ(print_checks({}), "-");
    EXPECT_EQ(parse_checks("-"), std::vector<CheckResult>{});
}

TEST(ChecksColumn, RefusesWhatItDoesNotWrite) {
    for (const char* field : {"",
                              "dims",
                              "dims=",
                              "dims=ok",
                              "=pass",
                              "dims=pass ",
                              "dims=pass  run=pass",
                              "dims=fail{open",
                              "dims=fail{a\\",
                              "dims=fail{a}x",
                              "dims=fail{a|b}",
                              "dims=fail{a{b}",
                              "dims=fail{a\\x}",
                              "dims=pass dims=pass",
                              "di ms=pass",
                              "dims.1=pass",
                              "dims.=pass",
                              "dims.2x=pass",
                              "dims.-2=pass",
                              "dims=pass+",
                              "dims=pass+{a",
                              "dims=pass+{a}{b}"}) {
        EXPECT_FALSE(parse_checks(field)) << field;
    }
    EXPECT_THAT(parse_checks("dims=ok").error().what,
                HasSubstr("found \"ok\", expected pass, fail or n/a"));
}

}  // namespace
}  // namespace exportgate::golden
