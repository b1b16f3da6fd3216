#include "matrix/steps.h"

#include <gmock/gmock.h>

#include "case_folder.h"

namespace exportgate::matrix {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const std::string decode_case = R"(summary = "a decode loop"
class = "DynamicCache"
kinds = ["plain"]

[inputs]
x = ["batch", 8]
position = { shape = ["new"], dtype = "int64" }
"cache.keys" = ["batch", "past"]
"cache.values" = ["batch", "past"]
cached = ["batch"]

[outputs]
y = ["batch", 8]
"grown.keys" = ["batch", "past + new"]
"grown.values" = ["batch", "past + new"]

[dims]
batch = [1, 64]
past = [1, 64]
new = [1, 64]

[pairs]
b3 = { batch = 3, past = 5, new = 2 }

[steps]
)";

class StepsOfACase : public CaseFolder {
  protected:
    Case loaded(const std::string& lines) {
        write("my_cache", decode_case + lines);
        return load_case(cases / "my_cache" / "case.toml").value();
    }

    void expect_mistake(const std::string& lines, const std::string& message) {
        EXPECT_THAT(mistakes_of(decode_case + lines), ElementsAre(HasSubstr(message)));
    }
};

TEST_F(StepsOfACase, SayWhatGoesIntoTheNextCall) {
    const Case one = loaded(R"(returned = { cache = "grown" }
in_place = ["cached"]
counts_up = { position = "new" }
calls = 12
)");
    ASSERT_TRUE(one.steps);
    EXPECT_THAT(one.steps->returned, ElementsAre(Pair("cache", "grown")));
    EXPECT_THAT(one.steps->in_place, ElementsAre("cached"));
    EXPECT_THAT(one.steps->counts_up, ElementsAre(Pair("position", Extent("new"))));
    EXPECT_EQ(one.steps->calls, 12);
    Case other = one;
    other.steps.reset();
    EXPECT_FALSE(one.asks_the_same(other));
}

TEST_F(StepsOfACase, AreEightCallsUnlessTheySayOtherwise) {
    EXPECT_EQ(loaded("in_place = [\"cache\"]\n").steps->calls, 8);
}

TEST_F(StepsOfACase, NameInputsAndOutputs) {
    expect_mistake("returned = { cash = \"grown\" }", "[steps] names the input \"cash\"");
    expect_mistake("returned = { cache = \"grwn\" }",
                   "the output \"grwn\", which is none (did you mean \"grown\"?)");
    expect_mistake("returned = { cache = \"y\" }",
                   "the output \"y\" has 1 leaves, the input \"cache\" 2");
    expect_mistake("returned = { cache = 7 }", "cache is an integer, expected a string");
    expect_mistake("in_place = [7]", "in_place holds an integer");
    expect_mistake("in_place = [\"cache\", \"cache.keys\"]",
                   "[steps] says twice what cache.keys is next");
}

TEST_F(StepsOfACase, HandOnWhatHasTheSameDtypesAndNumbersOfDims) {
    expect_mistake("returned = { position = \"y\" }",
                   "the output y is float32 of 2 dims, the input position is int64 of 1 "
                   "(name the output that is this input in the next call)");
    expect_mistake("returned = { cached = \"y\" }",
                   "the output y is float32 of 2 dims, the input cached is float32 of 1");
}

TEST_F(StepsOfACase, HandOnWhatOneObjectHolds) {
    std::string text = decode_case + "in_place = [\"cache.keys\"]\n";
    const std::string last = "cached = [\"batch\"]\n";
    text.insert(text.find(last) + last.size(), "\"cache.keys.more\" = [\"batch\"]\n");
    EXPECT_THAT(mistakes_of(text),
                ElementsAre(HasSubstr("no one object holds the leaves of \"cache.keys\": "
                                      "cache.values lies between them")));
}

TEST_F(StepsOfACase, SayHowEachKeyIsWritten) {
    expect_mistake("returned = [\"cache\"]",
                   "returned of [steps] is an array, expected a table "
                   "(write returned = { cache = \"present\" })");
    expect_mistake("in_place = \"cache\"",
                   "in_place of [steps] is a string, expected an array "
                   "(write in_place = [\"cache\"])");
    expect_mistake("in_place = [\"cache\"]\ncounts_up = [\"position\"]",
                   "counts_up of [steps] is an array, expected a table "
                   "(write counts_up = { position = 1 })");
}

TEST_F(StepsOfACase, CountIntegerTensors) {
    const std::string cache = "in_place = [\"cache\"]\n";
    expect_mistake(cache + "counts_up = { x = 1 }", "\"x\" is no integer tensor");
    expect_mistake(cache + "counts_up = { position = 0 }", "\"position\" counts up by 0");
    expect_mistake(cache + "counts_up = { position = \"fresh\" }",
                   "\"position\" counts up by \"fresh\", which is no dim");
}

TEST_F(StepsOfACase, HaveABoundedNumberOfCalls) {
    const std::string cache = "in_place = [\"cache\"]\n";
    expect_mistake(cache + "calls = 1", "calls is 1, expected 2 to 64");
    expect_mistake(cache + "calls = 65", "calls is 65, expected 2 to 64");
    expect_mistake(cache + "call = 8", "unknown key \"call\" of [steps] (did you mean \"calls\"?)");
    expect_mistake("calls = 9", "[steps] says nothing that goes into the next call");
}

}  // namespace
}  // namespace exportgate::matrix
