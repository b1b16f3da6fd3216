#include "repro/same_error.h"

#include <gtest/gtest.h>

#include <string>

namespace exportgate::repro {
namespace {

constexpr auto user_error = "torch._dynamo.exc.UserError";

TEST(IsSameError, TheClassAloneIsNotEnough) {
    const std::string error = "torch._dynamo.exc.UserError: Constraints violated (batch)! For more";
    EXPECT_TRUE(is_same_error(error, user_error, "Constraints violated (batch)! For more"));
    EXPECT_FALSE(is_same_error(error, user_error, "Constraints violated (length)! For more"));
    EXPECT_FALSE(is_same_error(error, user_error, "Cannot associate shape 0 specified"));
    EXPECT_FALSE(is_same_error(error, "ValueError", "Constraints violated (batch)! For more"));
    EXPECT_FALSE(is_same_error(error, "torch._dynamo.exc.User", "Constraints violated (batch)!"));
}

TEST(IsSameError, WhatTwoProcessesMaySayOtherwiseDoesNotCount) {
    EXPECT_TRUE(is_same_error(
        "ValueError: <__main__.Cache object at 0x7f01a> of 'x' in L['args'][0][1].size()[0] is s0",
        "ValueError",
        "<case_mine.Cache object at 0x7fa4b2> of \"x\" in L['cache'].key_cache[0] is s77"));
    EXPECT_TRUE(is_same_error("ValueError: /tmp/shows.py:31 has 2", "ValueError",
                              "/cases/mine/case.py:7 has 3"));
}

TEST(IsSameError, WithoutAMessage) {
    EXPECT_TRUE(is_same_error("AssertionError", "AssertionError", ""));
    EXPECT_FALSE(is_same_error("AssertionError", "AssertionError", "a leaf is lost"));
    EXPECT_FALSE(is_same_error("AssertionError: a leaf is lost", "AssertionError", ""));
}

TEST(IsSameError, OfALineThatIsVeryLong) {
    const std::string message(1'000'000, 'x');
    EXPECT_TRUE(is_same_error("ValueError: " + message, "ValueError", message));
}

}  // namespace
}  // namespace exportgate::repro
