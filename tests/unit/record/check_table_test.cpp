#include "record/check_table.h"

#include <gmock/gmock.h>

namespace exportgate::record {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CheckTable, ACheckBringsAlongWhatItBuildsOn) {
    EXPECT_THAT(with_those_that_they_build_on({"decompose"}), ElementsAre("run", "decompose"));
    EXPECT_THAT(with_those_that_they_build_on({"steps", "dims"}),
                ElementsAre("dims", "run", "save_load", "steps"));
    EXPECT_THAT(with_those_that_they_build_on({"registry", "constants"}),
                ElementsAre("constants", "registry"));
    EXPECT_THAT(with_those_that_they_build_on({"onnx", "run"}), ElementsAre("run", "onnx"));
    EXPECT_THAT(with_those_that_they_build_on({}), IsEmpty());  // all
}

TEST(CheckTable, WhatACheckBuildsOnIsThereAndComesBefore) {
    for (const Check& check : check_table) {
        for (const std::string_view below : split(check.builds_on, ' ')) {
            if (below.empty()) continue;
            const Check* found = find_check(below);
            ASSERT_NE(found, nullptr) << below;
            EXPECT_LT(found, &check) << below << " of " << check.name;
        }
    }
}

}  // namespace
}  // namespace exportgate::record
