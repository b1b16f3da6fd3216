#include "record/made_of.h"

#include <gmock/gmock.h>

#include "record/merge.h"
#include "record/record_file.h"

namespace exportgate::record {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Ingredients of_one{{IngredientKind::file, "<cases>/helper.py", "0123"},
                         {IngredientKind::modules, "<home>/src/mypkg", "4567"}};
const Ingredients of_other{{IngredientKind::file, "<cases>/helper.py", "0123"},
                           {IngredientKind::names, "<home>/data", ""},
                           {IngredientKind::variable, "MY_SCALE", "89ab"},
                           {IngredientKind::unknown, "starts the program true", ""}};

Record record_of_four() {
    matrix::Case one;
    one.name = "mine";
    one.class_name = "Cache";
    one.kinds = {matrix::Kind::plain, matrix::Kind::module};
    one.modes = {matrix::Mode::strict, matrix::Mode::nonstrict};
    one.dims_styles = {matrix::DimsStyle::fixed};
    one.inputs = {{"x", {"batch"}, "float32"}};
    one.outputs = {{"y", {"batch"}, "float32"}};
    one.dims = {{"batch", 1, 8}};
    one.pairs = {{"p", {{"batch", 3}}}};
    Record record;
    record.header.environment = {"default", "2.13.0", "2.13.0+cpu", "3.11.2", "linux-x86_64",
                                 1,         {}};
    record.header.cases = {one};
    record.header.observed_at = "2026-11-29T13:55:02Z";
    record.header.made_of = MadeOf{"worker", "environment", {{"mine", "case"}}, 120, 20};
    for (const auto& cell : matrix::cells_of(record.header.cases)) {
        record.header.cells.push_back(cell.name());
        record.observations.push_back({cell.name(), Unobserved{"interrupted"}, {}, ""});
    }
    record.observations[0].made_of = of_one;
    record.observations[1].made_of = of_other;
    record.observations[2].made_of = of_one;
    record.observations[3].taken_from = "2026-11-28T09:00:00Z";
    record.footer.complete = true;
    return record;
}

std::string with_edit(std::string text, const std::string& before, const std::string& after) {
    const std::size_t at = text.find(before);
    EXPECT_NE(at, std::string::npos) << before;
    return at == std::string::npos ? text : text.replace(at, before.size(), after);
}

TEST(MadeOf, IsReadBackAsItWasWritten) {
    const Record before = record_of_four();
    const auto after = parse_record(to_text(before), "r.jsonl");
    ASSERT_TRUE(after) << to_string(after.error());
    EXPECT_EQ(after->header.made_of, before.header.made_of);
    EXPECT_EQ(after->header.observed_at, before.header.observed_at);
    EXPECT_EQ(after->observations, before.observations);
    EXPECT_EQ(to_text(*after), to_text(before));
}

TEST(MadeOf, WhatCellsShareIsWrittenOnce) {
    const std::string text = to_text(record_of_four());
    EXPECT_EQ(text.find("<home>/src/mypkg"), text.rfind("<home>/src/mypkg"));
    EXPECT_EQ(text.find("<cases>/helper.py"), text.rfind("<cases>/helper.py"));
    EXPECT_THAT(text, HasSubstr(R"("rows":[[0,1],[0,2,3,4]])"));
}

TEST(MadeOf, ARecordOfBeforeHasNone) {
    Record record = record_of_four();
    record.header.made_of.reset();
    EXPECT_THAT(to_text(record), Not(HasSubstr("made_of")));
    EXPECT_FALSE(parse_record(to_text(record), "r.jsonl").value().observations[0].made_of);
}

TEST(MadeOf, ATableThatIsNotUnderstoodIsAMistake) {
    const std::string text = to_text(record_of_four());
    for (const auto& [before, after] : std::vector<std::pair<std::string, std::string>>{
             {R"(["file",)", R"(["folder",)"},
             {R"([0,2,3,4])", R"([0,2,3,99])"},
             {R"("made_of":1)", R"("made_of":2)"},
             {R"("made_of":1)", R"("made_of":"1")"},
             {R"("taken_from":"2026-11-28T09:00:00Z")", R"("taken_from":5)"},
             {R"("worker":"worker",)", ""}}) {
        EXPECT_FALSE(parse_record(with_edit(text, before, after), "r.jsonl")) << after;
    }
}

TEST(MadeOf, AnObservationThatAWorkerSendsCannotClaimARow) {
    EXPECT_FALSE(parse_observation(
        R"({"cell":"a/plain/strict/named/p","unobserved":{"reason":"r"},"made_of":0})", "w", 0));
}

/// The four cells dealt to two shards.
std::vector<Record> shards() {
    const Record whole = record_of_four();
    std::vector<Record> parts(2, whole);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i].file = "s" + std::to_string(i + 1);
        parts[i].header.shard = std::to_string(i + 1) + "/2";
        parts[i].header.cells = {whole.header.cells[i], whole.header.cells[i + 2]};
        parts[i].observations = {whole.observations[i], whole.observations[i + 2]};
    }
    return parts;
}

TEST(MadeOf, IsThatOfAllShards) {
    const Record merged = merge(shards()).value();
    EXPECT_EQ(merged.header.made_of, record_of_four().header.made_of);
    EXPECT_EQ(merged.observations, record_of_four().observations);
}

TEST(MadeOf, ShardsOfOtherEnvironmentsAreOfNone) {
    std::vector<Record> parts = shards();
    parts[1].header.made_of->environment = "another machine";
    EXPECT_FALSE(merge(parts).value().header.made_of);
    parts[1].header.made_of.reset();
    EXPECT_FALSE(merge(parts).value().header.made_of);
    parts = shards();
    parts[1].header.made_of->cases["mine"] = "another";
    EXPECT_FALSE(merge(parts).value().header.made_of);
}

}  // namespace
}  // namespace exportgate::record
