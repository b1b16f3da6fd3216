// Declarations in JSON: what a case can say besides shapes comes back as it was.
#include <gmock/gmock.h>

#include "record/check_table.h"
#include "record/declaration_json.h"
#include "record/record_file.h"

namespace exportgate::record {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

matrix::Case asked() {
    matrix::Case one;
    one.name = "my_cache";
    one.class_name = "Cache";
    one.kinds = {matrix::Kind::as_is};
    one.modes = {matrix::Mode::strict};
    one.dims_styles = {matrix::DimsStyle::named};
    one.dims = {{"past", 1, 64}, {"new", 1, 8}, {"total", 2, 72}};
    one.pairs = {{"p", {{"past", 5}, {"new", 2}, {"total", 7}}}};
    one.inputs = {{.name = "x", .shape = {"past", "2*new + 1"}, .dtype = "float32"}};
    one.outputs = {{.name = "y", .shape = {"past + new"}, .dtype = "float32"}};
    return one;
}

/// "" where `json` is a declaration, else what is wrong with it.
std::string mistake_of(const std::string& text, matrix::Case* read = nullptr) {
    Json json = Json::parse(text);
    const std::string file = "run.jsonl";
    Mistake mistake(file, 1);
    matrix::Case one;
    read_into(one, json, mistake);
    if (read != nullptr) *read = one;
    return mistake.none() ? "" : to_string(mistake.error());
}

std::string replaced(std::string text, const std::string& before, const std::string& after) {
    const std::size_t at = text.find(before);
    EXPECT_NE(at, std::string::npos) << before << " in " << text;
    return text.replace(at, before.size(), after);
}

TEST(DeclarationJson, KeepsWhatACaseCanSay) {
    matrix::Case one = asked();
    one.relations.push_back(matrix::Relation::parse("total == past + new").value());
    one.export_options = {{"prefer_deferred_runtime_asserts_over_guards", true},
                          {"preserve_module_call_signature", std::vector<std::string>{"a", "b"}}};
    one.rounds = {{"edges", "indices"}};
    one.inputs[0].layout = {matrix::LayoutKind::transposed, {0, 1}};
    one.inputs.push_back(one.inputs[0]);
    one.inputs[1].name = "same";
    one.inputs[1].same_as = "x";
    one.inputs.push_back({.name = "ids",
                          .shape = {4},
                          .dtype = "int64",
                          .values = matrix::ValueRange{0.0, "past - 1"}});
    one.inputs.push_back({.name = "position",
                          .shape = {},
                          .constant = matrix::ExtentValue{"past - 1"},
                          .is_dynamic = true});
    one.inputs.push_back({.name = "how", .shape = {}, .constant = matrix::Text{"causal"}});
    one.outputs.push_back({.name = "n", .shape = {}, .constant = matrix::AnyOf{"int"}});
    one.outputs.push_back({.name = "none", .shape = {}, .constant = nullptr});
    one.steps = matrix::Steps{
        .returned = {{"x", "n"}}, .in_place = {"same"}, .counts_up = {{"ids", 1}}, .calls = 12};
    one.consumers = {"aoti", "onnx"};
    const std::string text = to_json(one);
    matrix::Case read;
    EXPECT_EQ(mistake_of(text, &read), "");
    EXPECT_TRUE(read.asks_the_same(one));
    EXPECT_EQ(to_json(read), text);
    EXPECT_THAT(text, HasSubstr(R"("layout":{"transposed":[0,1]},"same_as":"x")"));
    EXPECT_THAT(text,
                HasSubstr(R"({"name":"position","value":{"dim":"past - 1"},"dynamic":true})"));
    EXPECT_THAT(text, HasSubstr(R"("relations":["total == past + new"])"));
    EXPECT_THAT(text, HasSubstr(R"("rounds":{"edges":"indices"})"));
    EXPECT_THAT(text, HasSubstr(R"("values":[0.0,"past - 1"])"));
    EXPECT_THAT(text, HasSubstr(R"("steps":{"returned":{"x":"n"},"in_place":["same"],)"
                                R"("counts_up":{"ids":1},"calls":12})"));
    EXPECT_THAT(text, HasSubstr(R"("consumers":["aoti","onnx"])"));
    EXPECT_THAT(mistake_of(replaced(text, "onnx", "onyx")),
                HasSubstr("\"consumers\" of a case names \"onyx\""));
}

TEST(DeclarationJson, ConsumersAreTheChecksThatAreMarkedSo) {
    std::vector<std::string> marked;
    for (const Check& check : check_table) {
        if (check.is_consumer) marked.emplace_back(check.name);
    }
    EXPECT_EQ(marked, matrix::consumer_names());
    EXPECT_TRUE(is_consumer("aoti"));
    EXPECT_FALSE(is_consumer("run"));
    EXPECT_FALSE(is_consumer("nobody"));
}

TEST(DeclarationJson, LeavesOutWhatIsTheDefault) {
    for (const char* member :
         {"relations", "export", "rounds", "layout", "same_as", "dynamic", "steps", "consumers"})
        EXPECT_THAT(to_json(asked()), Not(HasSubstr(std::string("\"") + member + "\":")));
}

TEST(DeclarationJson, RefusesWhatCannotBe) {
    const std::string good =
        replaced(to_json(asked()), "\"dims\":", "\"relations\":[\"past < 6\"],\"dims\":");
    EXPECT_EQ(mistake_of(good), "");
    EXPECT_THAT(mistake_of(replaced(good, "past < 6", "past < 5")),
                HasSubstr("pair \"p\" does not obey the relation \"past < 5\""));
    EXPECT_THAT(mistake_of(replaced(good, "past < 6", "pasd < 6")),
                HasSubstr("\"pasd < 6\" of a case is not a relation between declared dims"));
    EXPECT_THAT(mistake_of(replaced(good, "2*new + 1", "2*nev + 1")),
                HasSubstr("the shape of leaf \"x\" holds \"2*nev + 1\""));
    const std::string shape = R"("shape":["past","2*new + 1"],)";
    EXPECT_THAT(mistake_of(replaced(good, shape, shape + R"("layout":"diagonal",)")),
                HasSubstr("the layout of leaf \"x\" is \"diagonal\": no such name"));
    EXPECT_THAT(mistake_of(replaced(good, shape, shape + R"("layout":"channels_last",)")),
                HasSubstr("channels_last is of 4 dims"));
    EXPECT_THAT(mistake_of(replaced(good, "\"dims\":", R"("rounds":{"corner":"why"},"dims":)")),
                HasSubstr("\"rounds\" of a case has an unknown key \"corner\""));
    const char* options =
        R"("export":{"prefer_deferred_runtime_asserts_over_guards":true,"stric":1},"dims":)";
    EXPECT_THAT(mistake_of(replaced(good, "\"dims\":", options)),
                HasSubstr("\"export\" of a case has an unknown key \"stric\""));
    const auto with_steps = [&](const std::string& steps) {
        return mistake_of(replaced(good, "\"dims\":", "\"steps\":" + steps + ",\"dims\":"));
    };
    EXPECT_EQ(with_steps(R"({"in_place":["x"],"calls":8})"), "");
    EXPECT_THAT(with_steps(R"({"in_place":["y"],"calls":8})"), HasSubstr("names \"y\""));
    EXPECT_THAT(with_steps(R"({"returned":{"x":"z"},"calls":8})"), HasSubstr("names \"z\""));
    EXPECT_THAT(with_steps(R"({"counts_up":{"x":[]},"calls":8})"), HasSubstr("counts_up"));
    EXPECT_THAT(with_steps(R"({"in_place":["x"]})"), HasSubstr("calls"));
}

}  // namespace
}  // namespace exportgate::record
