#include "outcome/condition.h"

#include <gmock/gmock.h>

namespace exportgate::outcome {
namespace {

const std::map<std::string, std::int64_t, std::less<>> values{{"a", 5}, {"b", -2}};

TEST(Condition, IsReadAsPythonReadsIt) {
    for (const char* holds :
         {"a == 5", "a != b", "2*a + 1 >= 11", "a % 2 == 1", "b % 3 == 1", "b // 3 == -1",
          "-b == 2", "1 < a <= 5", "not a == 4", "a == 4 or b == -2", "(a + b)*2 == 6",
          "a == 5 and not b > 0", "not not a == 5", "a - b - 1 == 6"}) {
        EXPECT_EQ(holds_for(holds, values), true) << holds;
    }
    for (const char* fails : {"a == 4", "a < 5", "1 < a < 5", "a == 5 and b == 0", "not a == 5"})
        EXPECT_EQ(holds_for(fails, values), false) << fails;
}

TEST(Condition, WhatIsNotUnderstoodIsNeitherTrueNorFalse) {
    for (const char* unknown :
         {"", "c == 1", "a ** 2 == 25", "a // 0 == 1", "Max(a, b) == 5", "a ==", "a == 5)",
          "(a == 5", "9223372036854775807 + a > 0", "9223372036854775807*a > 0", "a = 5",
          "a == 5 if b", "a b", "9223372036854775808 == a", "a / 5 == 1"}) {
        EXPECT_EQ(holds_for(unknown, values), std::nullopt) << unknown;
    }
    const std::string deep(100'000, '(');
    EXPECT_EQ(holds_for(deep, values), std::nullopt);
    EXPECT_EQ(holds_for(std::string(100'000, '-') + "a == 1", values), std::nullopt);
}

}  // namespace
}  // namespace exportgate::outcome
