#include "bench/name.h"

#include <gmock/gmock.h>

namespace exportgate::bench {
namespace {

TEST(BenchName, SaysCaseOperationKindImplementationAndSize) {
    const Result<Name> name = parse_name("kv_cache/flatten/plain/cxx_pytree/layers:32");
    ASSERT_TRUE(name) << to_string(name.error());
    EXPECT_EQ(*name, (Name{"kv_cache/flatten/plain/cxx_pytree/layers:32", "kv_cache", "flatten",
                           "plain", "cxx_pytree", 32, true}));
    EXPECT_FALSE(name->is_floor());
}

TEST(BenchName, OfTheFloorHasNoKindAndNoImplementation) {
    const Result<Name> name = parse_name("empty_cache/floor/leaves:0");
    ASSERT_TRUE(name) << to_string(name.error());
    EXPECT_EQ(*name,
              (Name{"empty_cache/floor/leaves:0", "empty_cache", "floor", "", "", 0, false}));
    EXPECT_TRUE(name->is_floor());
}

TEST(BenchName, LeadsToTheFloorOfTheSameCaseAndSize) {
    EXPECT_EQ(floor_name(*parse_name("a/call/module/program/layers:8")), "a/floor/layers:8");
    EXPECT_EQ(floor_name(*parse_name("a/flatten/plain/fx/leaves:2")), "a/floor/leaves:2");
}

TEST(BenchName, EveryOperationTakesEachOfItsImplementations) {
    for (const std::string& operation : operation_names()) {
        EXPECT_FALSE(implementation_names(operation).empty()) << operation;
        for (const std::string& implementation : implementation_names(operation)) {
            EXPECT_TRUE(parse_name("a/" + operation + "/native/" + implementation + "/layers:1"))
                << operation << " " << implementation;
        }
    }
}

TEST(BenchName, OfAnotherFormIsRefusedWithWhatIsWrong) {
    const auto what = [](const char* text) {
        const Result<Name> name = parse_name(text);
        return name ? "" : name.error().what;
    };
    EXPECT_THAT(what(""), testing::HasSubstr("has 1 parts"));
    EXPECT_THAT(what("BM_memcpy/8"), testing::HasSubstr("has 2 parts"));
    EXPECT_THAT(what("/floor/layers:1"), testing::HasSubstr("no name of a case"));
    EXPECT_THAT(what("a/floor/layers:0"), testing::HasSubstr("ends with \"layers:0\""));
    EXPECT_THAT(what("a/floor/layers:-1"), testing::HasSubstr("ends with \"layers:-1\""));
    EXPECT_THAT(what("a/floor/layers:1x"), testing::HasSubstr("ends with \"layers:1x\""));
    EXPECT_THAT(what("a/floor/rows:1"), testing::HasSubstr("ends with \"rows:1\""));
    EXPECT_THAT(what("a/floor/layers:99999999999"), testing::HasSubstr("ends with"));
    EXPECT_THAT(what("a/fold/plain/pytree/layers:1"), testing::HasSubstr("operation \"fold\""));
    EXPECT_THAT(what("a/flatten/fancy/pytree/layers:1"), testing::HasSubstr("kind \"fancy\""));
    EXPECT_THAT(what("a/unflatten/plain/fx/layers:1"),
                testing::HasSubstr("unflatten is timed in function, pytree, cxx_pytree"));
    EXPECT_THAT(what("a/flatten/plain/pytree/layers:1/real_time"), testing::HasSubstr("6 parts"));
}

}  // namespace
}  // namespace exportgate::bench
