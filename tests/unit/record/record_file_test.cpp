#include "record/record_file.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/text.h"

namespace exportgate::record {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

matrix::Case small_case() {
    matrix::Case one;
    one.name = "my_cache";
    one.class_name = "DynamicCache";
    one.first_torch = TorchVersion::parse("2.6.0").value();
    one.kinds = {matrix::Kind::plain, matrix::Kind::native};
    one.modes = {matrix::Mode::strict, matrix::Mode::nonstrict};
    one.dims_styles = {matrix::DimsStyle::automatic, matrix::DimsStyle::fixed};
    one.inputs = {{"x", {"batch", 8}, "float32"},
                  {"dc.key_cache[0]", {"batch", "length"}, "int64"},
                  {.name = "mask", .shape = {}, .constant = nullptr}};
    one.outputs = {{"y", {"batch", "length + 1"}, "float32"}};
    one.dims = {{"length", 1, 512}, {"batch", 1, 1024}};
    one.pairs = {{"b3c5", {{"batch", 3}, {"length", 5}}},
                 {"b4c11", {{"batch", 4}, {"length", 11}}}};
    one.export_pairs = {"b3c5"};
    one.mutates = {"dc.key_cache[0]"};
    return one;
}

Record small_record() {
    Record record;
    record.header.environment = {"default",      "2.13.0", "2.13.0+cpu",          "3.11.2",
                                 "linux-x86_64", 1,        {{"optree", "0.17.0"}}};
    record.header.made_by = "exportgate 0.1.0";
    record.header.inputs_digest = "cbf29ce484222325";
    record.header.cases = {small_case()};
    for (const auto& cell : matrix::cells_of(record.header.cases))
        record.header.cells.push_back(cell.name());

    record.header.checks = {{"run", 1}, {"registry", 1}, {"bounds", 2}, {"save_load", 1}};

    Exported exported;
    exported.print = "ExportedProgram:\n    \"quoted\"\t\\n é\n";
    exported.in_spec = {
        "tuple", "", {{"*", "", {}}, {"DynamicCache", "['key_cache']", {{"*", "", {}}}}}};
    exported.out_spec = {"*", "", {}};
    exported.constants = {{"c_0", "float32", {3, 8}, "[0.5]", "dc.key_cache[0]"}};
    exported.checks = {{"run", CheckStatus::fail, {"at b4c11: \"wrong\""}},
                       {"registry", CheckStatus::pass, {}},
                       {"bounds", CheckStatus::pass, {}, {"batch = 0: accepted, as eager"}, 2},
                       {"save_load", CheckStatus::not_applicable, {}}};
    exported.loaded = exported.print;
    exported.decomposed = "ExportedProgram:\n    other\n";
    const auto& cells = record.header.cells;
    record.observations = {
        {cells.at(0), std::move(exported), {{"export", 0.125}, {"total", 0.3}}, "printed\n"},
        {cells.at(1),
         Rejected{"export", "torch._dynamo.exc.UserError",
                  "Constraints violated (batch)!\n  - You marked"},
         {},
         ""},
        {cells.at(2), Crashed{"check:run", 11, 0}, {}, ""},
        {cells.at(3), TimedOut{"export", 120.5}, {}, ""},
        {cells.at(4), Unobserved{"interrupted"}, {}, ""}};
    record.observations[1].earlier = {"2.8.0+cu128", CheckStatus::fail, {"is not there"}};
    record.footer = {true, "", 9.1, {{"import", 1.1}}};
    return record;
}

/// `text` with its first `before` replaced.
std::string with(std::string text, const std::string& before, const std::string& after) {
    const std::size_t at = text.find(before);
    EXPECT_NE(at, std::string::npos) << before;
    return text.replace(at, before.size(), after);
}

std::string error_of(const std::string& text) {
    const auto record = parse_record(text, "run.jsonl");
    return record ? "" : to_string(record.error());
}

TEST(RecordFile, IsReadBackAsItWasWritten) {
    const Record before = small_record();
    const Record after = parse_record(to_text(before), "run.jsonl").value();
    EXPECT_EQ(after.file, "run.jsonl");
    EXPECT_EQ(after.header.environment, before.header.environment);
    EXPECT_EQ(after.header.made_by, before.header.made_by);
    EXPECT_EQ(after.header.inputs_digest, before.header.inputs_digest);
    EXPECT_TRUE(after.header.cases.at(0).asks_the_same(before.header.cases.at(0)));
    EXPECT_EQ(after.header.cells, before.header.cells);
    EXPECT_EQ(after.observations, before.observations);
    EXPECT_TRUE(after.footer.complete);
    EXPECT_EQ(after.footer.wall_s, 9.1);
    EXPECT_EQ(to_text(after), to_text(before));
}

/// Each line with its numbers as exportgate spells them. Recordings that were put together by a
/// script spell some with another last digit.
std::string respelt(const std::string& text) {
    std::string lines;
    for (const std::string_view line : split(text, '\n')) {
        if (!line.empty()) lines += nlohmann::ordered_json::parse(line).dump() + '\n';
    }
    return lines;
}

TEST(RecordFile, EveryRecordingIsWrittenAsItWasRead) {
    const std::filesystem::path source = EXPORTGATE_SOURCE_DIR;
    int records = 0;
    for (const char* folder : {"tests", "collections"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(source / folder)) {
            if (entry.path().parent_path().filename() != "recordings") continue;
            if (entry.path().extension() != ".jsonl") continue;
            ++records;
            const std::string text = read_file(entry.path()).value();
            const auto record = parse_record(text, entry.path().string());
            ASSERT_TRUE(record) << to_string(record.error());
            EXPECT_TRUE(to_text(*record) == respelt(text)) << entry.path();
        }
    }
    EXPECT_GE(records, 20);
}

TEST(RecordFile, ShardAndNoteAreOptional) {
    Record record = small_record();
    EXPECT_THAT(to_text(record), Not(AnyOf(HasSubstr("\"shard\""), HasSubstr("\"note\""))));
    EXPECT_EQ(parse_record(to_text(record), "run.jsonl").value().header.shard, "");
    record.header.shard = "2/3";
    record.header.note = "é by ci/matrix";
    const Record after = parse_record(to_text(record), "run.jsonl").value();
    EXPECT_EQ(after.header.shard, "2/3");
    EXPECT_EQ(after.header.note, "é by ci/matrix");
}

TEST(RecordFile, ASeedOfZeroIsLeftOut) {
    Record record = small_record();
    EXPECT_THAT(to_text(record), Not(HasSubstr("\"seed\"")));
    EXPECT_EQ(parse_record(to_text(record), "run.jsonl").value().header.seed, 0);
    record.header.seed = -7;
    EXPECT_EQ(parse_record(to_text(record), "run.jsonl").value().header.seed, -7);
}

TEST(RecordFile, KeepsWhatElseACaseSays) {
    Record record = small_record();
    matrix::Case& one = record.header.cases.front();
    one.kinds.push_back(matrix::Kind::as_is);
    one.inputs[0].values = matrix::ValueRange{-0.5, 31.0};
    one.inputs[1].values = matrix::Fill::ones;
    one.model_name = "Decode";
    one.tolerance = matrix::Tolerance{1e-4, 1e-5};
    one.seed = -7;
    const std::vector<matrix::Constant> constants{std::int64_t{3}, true, 0.5,
                                                  matrix::ExtentValue{"length"}};
    for (const matrix::Constant& constant : constants)
        one.inputs.push_back({.name = "n", .shape = {}, .constant = constant});
    const matrix::Case expected = one;
    const std::string text = to_text(record);
    EXPECT_THAT(
        text, HasSubstr(R"("model":"Decode","tolerance":{"rtol":0.0001,"atol":1e-05},"seed":-7})"));
    EXPECT_THAT(text, HasSubstr(R"("values":[-0.5,31.0])"));
    EXPECT_TRUE(
        parse_record(text, "run.jsonl").value().header.cases.front().asks_the_same(expected));
    EXPECT_THAT(error_of(with(text, R"("value":{"dim":"length"})", R"("value":{"dim":"batsch"})")),
                HasSubstr("the value of leaf \"n\" is {\"dim\":\"batsch\"}"));
    EXPECT_THAT(error_of(with(text, R"("values":"ones")", R"("values":"one")")),
                HasSubstr("the values of leaf \"dc.key_cache[0]\" are \"one\""));
}

TEST(RecordFile, RefusesAShardThatIsNoneAndANoteOfSeveralLines) {
    Record record = small_record();
    record.header.shard = "4/3";
    EXPECT_EQ(error_of(to_text(record)), "run.jsonl:1: \"4/3\" is not a shard");
    record.header.shard = "";
    for (const char* note : {"two\nlines", "\x1b[2J", "\xc2\x9b"}) {
        record.header.note = note;
        EXPECT_EQ(error_of(to_text(record)),
                  "run.jsonl:1: \"note\" of the record header holds control characters");
    }
}

TEST(RecordFile, IsSpeltAsTheProtocolSays) {
    EXPECT_EQ(
        to_json(small_case()),
        R"({"name":"my_cache","class":"DynamicCache","first_torch":"2.6.0","kinds":["plain","native"],"modes":["strict","nonstrict"],)"
        R"("dims_styles":["auto","static"],"inputs":[{"name":"x","shape":["batch",8],"dtype":"float32"},)"
        R"({"name":"dc.key_cache[0]","shape":["batch","length"],"dtype":"int64"},{"name":"mask","none":true}],"outputs":[{"name":"y","shape":["batch","length + 1"],"dtype":"float32"}],)"
        R"("dims":[{"name":"length","min":1,"max":512},{"name":"batch","min":1,"max":1024}],)"
        R"("pairs":[{"name":"b3c5","extents":{"length":5,"batch":3}},{"name":"b4c11","extents":{"length":11,"batch":4}}],)"
        R"("export_pairs":["b3c5"],"mutates":["dc.key_cache[0]"]})");
    EXPECT_THAT(
        to_text(small_record()),
        AllOf(
            HasSubstr(
                R"("in_spec":{"type":"tuple","children":[{"type":"*"},{"type":"DynamicCache","context":"['key_cache']",)"),
            HasSubstr(
                R"("crashed":{"stage":"check:run","signal":11,"exit_code":0},"timings_s":{},"output":""})"),
            HasSubstr(
                R"({"name":"save_load","status":"n/a","reasons":[],"notes":[],"revision":1})"),
            HasSubstr(
                R"("earlier":{"torch_build":"2.8.0+cu128","status":"fail","reasons":["is not there"]},"timings_s")")));
}

TEST(RecordFile, APrintThatIsThePrintIsSaidOnce) {
    Record record = small_record();
    auto& exported = std::get<Exported>(record.observations[0].result);
    EXPECT_THAT(to_text(record), HasSubstr(R"("loaded":"=","decomposed":"ExportedProgram:\n    )"));
    EXPECT_THAT(to_text(record), Not(HasSubstr("retraced"))) << "there is no such program";
    const auto read = parse_record(to_text(record), "run.jsonl").value();
    EXPECT_EQ(std::get<Exported>(read.observations[0].result), exported) << "and read in full";
    exported.loaded += " ";
    EXPECT_THAT(to_text(record), Not(HasSubstr("\"=\""))) << "one blank makes it another";
}

TEST(RecordFile, WhatBecameOfAnEarlierProgramIsKeptWhateverTheResult) {
    Record record = small_record();
    const auto print = std::get<Exported>(record.observations[0].result).print;
    for (Observation& one : record.observations)
        one.earlier = {"2.8.0+cu128", CheckStatus::pass, {"noted"}, "its print"};
    record.observations[0].earlier->print = print;
    EXPECT_THAT(to_text(record), HasSubstr(R"("reasons":["noted"],"print":"="})"));
    EXPECT_EQ(parse_record(to_text(record), "run.jsonl").value().observations, record.observations);
}

TEST(RecordFile, FindsObservationsByName) {
    const Record made = small_record();
    const Record read = parse_record(to_text(made), "run.jsonl").value();
    for (const Record& record : {made, read}) {
        for (const Observation& one : record.observations)
            EXPECT_EQ(record.find(one.cell)->result, one.result);
        EXPECT_EQ(record.find("my_cache/native/nonstrict/static/b3c5"), nullptr);
    }
}

TEST(RecordFile, WithoutFooterIsIncomplete) {
    std::string text = to_text(small_record());
    text.resize(text.rfind("{\"end\""));
    const Record record = parse_record(text, "run.jsonl").value();
    EXPECT_EQ(record.observations.size(), 5U);
    EXPECT_FALSE(record.footer.complete);
    EXPECT_EQ(record.footer.reason, "the file has no footer");
}

TEST(RecordFile, CutAnywhereAfterTheHeaderIsIncompleteAndNeverWrong) {
    const std::string text = to_text(small_record());
    const std::size_t header = text.find('\n') + 1;
    for (std::size_t size = header; size < text.size() - 1; ++size) {
        const auto record = parse_record(std::string_view(text).substr(0, size), "run.jsonl");
        ASSERT_TRUE(record) << to_string(record.error());
        ASSERT_FALSE(record->footer.complete) << size;
        ASSERT_FALSE(record->footer.reason.empty()) << size;
    }
    for (std::size_t size = 0; size < header - 1; ++size) {
        ASSERT_THAT(error_of(text.substr(0, size)), HasSubstr("run.jsonl:1: not a record")) << size;
    }
}

TEST(RecordFile, NamesBothFormats) {
    const std::string text = to_text(small_record());
    EXPECT_EQ(
        error_of(with(text, "\"format\":3", "\"format\":4")),
        "run.jsonl:1: recorded by a later exportgate (format 4), this one reads format 3 (use "
        "the exportgate that wrote it, or run again: `exportgate run --record FILE`)");
    EXPECT_EQ(error_of(with(text, "\"format\":3", "\"format\":1")),
              "run.jsonl:1: recorded by an earlier exportgate (format 1), this one reads format 3 "
              "(run again: `exportgate run --record FILE`; ci/format_3 of its repository rewrites "
              "format 2)");
    // fields of a format that is to come are no mistakes of their own
    EXPECT_THAT(error_of(with(text, "\"format\":3", "\"format\":4,\"sheds\":7")),
                HasSubstr("format 4"));
}

struct Damage {
    std::string before;
    std::string after;
    std::string message;
};

void PrintTo(const Damage& damage, std::ostream* out) {
    *out << damage.message;
}

class DamagedRecord : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedRecord, IsRefusedWithItsLine) {
    EXPECT_EQ(error_of(with(to_text(small_record()), GetParam().before, GetParam().after)),
              "run.jsonl:" + GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Every, DamagedRecord,
    ::testing::Values(
        Damage{"\"stage\":\"export\",\"exc", "\"stage\":\"exprt\",\"exc",
               "3: unknown stage \"exprt\""},
        Damage{"\"stage\":\"export\",\"exc", "\"stage\":\"import\",\"stage\":\"export\",\"exc",
               "3: key \"stage\" stands twice in one object"},
        Damage{"\"inputs_digest\":", "\"inputs_digest\":\"0\",\"inputs_digest\":",
               "1: key \"inputs_digest\" stands twice in one object"},
        Damage{"\"timings_s\":", "\"cell\":\"another\",\"timings_s\":",
               "2: key \"cell\" stands twice in one object"},
        Damage{"\"complete\":true", "\"complete\":false,\"complete\":true",
               "7: key \"complete\" stands twice in one object"},
        Damage{"\"stage\":\"check:run\"", "\"stage\":\"check\"", "4: unknown stage \"check\""},
        Damage{"\"stage\":\"check:run\"", "\"stage\":\"check:ran\"",
               "4: unknown stage \"check:ran\""},
        Damage{"\"loaded\":\"=\"", "\"loaded\":null",
               "2: \"loaded\" of \"exported\" is null, expected a string"},
        Damage{"\"loaded\":\"=\"", "\"laden\":\"=\"",
               "2: \"exported\" has an unknown key \"laden\""},
        Damage{"\"earlier\":{\"torch_build\":\"2.8.0+cu128\",\"status\":\"fail\"",
               "\"earlier\":{\"torch_build\":\"2.8.0+cu128\",\"status\":\"bad\"",
               "3: status \"bad\" of \"earlier\" is none of pass, fail, n/a"},
        Damage{"\"torch_build\":\"2.8.0+cu128\"", "\"torch_build\":\"none\"",
               "3: \"torch_build\" of \"earlier\": \"none\" is not a torch version"},
        Damage{"\"reasons\":[\"is not there\"]", "\"reasons\":[\"is not there\"],\"print\":\"=\"",
               "3: \"print\" is \"=\", as the print of the cell, which has none"},
        Damage{"\"name\":\"x\",\"shape\":[\"batch\",8],\"dtype\":\"float32\"",
               "\"name\":\"x\",\"none\":true,\"dtype\":\"float32\"",
               "1: a leaf has an unknown key \"dtype\""},
        Damage{"\"shape\":[\"batch\",8],\"dtype\":\"float32\"", "\"none\":false",
               "1: leaf \"x\" says that it is not None"},
        Damage{"\"mutates\":[\"dc.key_cache[0]\"]", "\"mutates\":[\"dc.key_cache\"]",
               "1: \"mutates\" of a case names \"dc.key_cache\", which it does not declare"},
        Damage{"\"export_pairs\":[\"b3c5\"]", "\"export_pairs\":[\"b3c5\",\"b3c5\"]",
               "1: \"export_pairs\" of a case names \"b3c5\" twice"},
        Damage{
            "\"inputs_digest\":\"cbf29ce484222325\"",
            "\"inputs_digest\":\"cbf29ce484222325\",\"seed\":0.5",
            "1: \"seed\" of the record header is a floating-point number, expected an integer of "
            "64 bits"},
        Damage{"\"status\":\"fail\"", "\"status\":\"failed\"",
               "2: status \"failed\" of check \"run\" is none of pass, fail, n/a"},
        Damage{"\"name\":\"registry\"", "\"name\":\"run\"", "2: check \"run\" is reported twice"},
        Damage{"\"signal\":11", "\"signal\":\"11\"",
               "4: \"signal\" of \"crashed\" is a string, expected an integer of 64 bits"},
        Damage{"\"signal\":11", "\"signal\":1e999",
               "4: not JSON, expected an observation or the footer"},
        Damage{"\"signal\":11", "\"signal\":NaN",
               "4: not JSON, expected an observation or the footer"},
        Damage{"\"signal\":11", "\"signal\":99999999999",
               "4: \"signal\" is 99999999999, out of range"},
        Damage{"\"signal\":11", "\"signl\":11", "4: \"crashed\" has no \"signal\""},
        Damage{"\"signal\":11", "\"signal\":11,\"core\":1",
               "4: \"crashed\" has an unknown key \"core\""},
        Damage{"\"limit_s\":120.5", "\"limit_s\":null",
               "5: \"limit_s\" of \"timeout\" is null, expected a number"},
        Damage{"{\"reason\":\"interrupted\"}", "[]",
               "6: \"unobserved\" is an array, expected an object"},
        Damage{"\"unobserved\":{\"reason\":\"interrupted\"},", "",
               "6: an observation has 0 results, expected one of exported, rejected, crashed, "
               "timeout, unobserved"},
        Damage{"\"total\":0.3", "\"total\":\"x\"",
               "2: \"total\" of \"timings_s\" is a string, expected a number"},
        Damage{"\"shape\":[3,8]", "\"shape\":[3.5,8]",
               "2: \"shape\" of a constant holds a floating-point number, expected integers of 64 "
               "bits"},
        Damage{"{\"cell\":\"my_cache/plain/strict/auto/b3c5\"",
               "{\"cell\":\"my_cache/plain/strict/named/b3c5\"",
               "2: cell \"my_cache/plain/strict/named/b3c5\" is not named by the header"},
        Damage{"{\"cell\":\"my_cache/plain/strict/static/b3c5\"",
               "{\"cell\":\"my_cache/plain/strict/auto/b3c5\"",
               "3: cell \"my_cache/plain/strict/auto/b3c5\" is observed twice"},
        Damage{"\"output\":\"printed", "\"output\":\"\xFF",
               "2: not JSON, expected an observation or the footer"},
        Damage{"\"complete\":true", "\"complete\":1",
               "7: \"complete\" of the footer is an integer, expected true or false"},
        Damage{"\"complete\":true,\"reason\":\"\"", "\"complete\":true,\"reason\":\"interrupted\"",
               "7: the footer says that the record is complete, and why it is not: interrupted"},
        Damage{"\"torch\":\"2.13.0\"", "\"torch\":\"2.14.0\"",
               "1: \"environment\" is of torch 2.14.0 and of the build 2.13.0+cpu: one of them is "
               "wrong"},
        Damage{"\"torch_build\":\"2.13.0+cpu\"", "\"torch_build\":\"cpu\"",
               "1: \"environment\" is of torch 2.13.0 and of the build cpu: one of them is wrong"},
        Damage{"\"torch\":\"2.13.0\"", "\"torch\":\"new\"", "1: \"new\" is not a torch version"},
        Damage{"\"shape\":[\"batch\",8]", "\"shape\":[\"bath\",8]",
               "1: the shape of leaf \"x\" holds \"bath\", which is neither a number nor a "
               "declared dim"},
        Damage{"[\"batch\",\"length + 1\"]", "[\"batch\",\"lenght + 1\"]",
               "1: the shape of leaf \"y\" holds \"lenght + 1\", which is neither a number nor a "
               "declared dim"},
        Damage{"\"shape\":[\"batch\",8]", "\"shape\":[\"batsch + 1\",8]",
               "1: the shape of leaf \"x\" holds \"batsch + 1\", which is neither a number nor a "
               "declared dim"},
        Damage{"\"length\":5,", "", "1: \"extents\" of pair \"b3c5\" has no \"length\""},
        Damage{"\"plain\",\"native\"", "\"plain\",\"nativ\"",
               "1: unknown word \"nativ\" in \"kinds\" of a case"},
        Damage{"\"cells\":[", "\"cells\":[\"other/plain/strict/auto/b3c5\",",
               "1: the header names cell \"other/plain/strict/auto/b3c5\", which none of its cases "
               "declares"},
        Damage{
            "{\"end\"",
            "{\"end\":{\"complete\":true,\"reason\":\"\",\"wall_s\":1,\"timings_s\":{}}}\n{\"end\"",
            "8: there is something after the footer"},
        Damage{"{\"end\"", "\n{\"end\"", "7: not JSON, expected an observation or the footer"}));

TEST(RecordFile, AFooterWithoutAReasonIsNotTakenForNoFooter) {
    const auto record =
        parse_record(with(to_text(small_record()), "\"complete\":true", "\"complete\":false"), "r");
    EXPECT_EQ(record.value().footer.reason, "its footer says so, without a reason");
}

TEST(RecordFile, WritesWhatAChildPrintedAsUtf8) {
    Record record = small_record();
    record.observations[1].output = "cut \xE2\x82";
    EXPECT_EQ(parse_record(to_text(record), "run.jsonl").value().observations[1].output,
              "cut \xEF\xBF\xBD");
}

TEST(RecordFile, WritesNoInfinities) {
    Record record = small_record();
    record.observations[3].result = TimedOut{"export", std::numeric_limits<double>::infinity()};
    record.observations[3].timings_s["total"] = std::numeric_limits<double>::quiet_NaN();
    record.footer.wall_s = std::numeric_limits<double>::infinity();
    EXPECT_TRUE(parse_record(to_text(record), "run.jsonl"));
}

TEST(RecordFile, RefusesSpecsDeepEnoughToExhaustTheStack) {
    std::string spec = R"({"type":"*"})";
    for (int i = 0; i < 300; ++i)
        spec = R"({"type":"list","children":[)" + spec + "]}";
    EXPECT_EQ(error_of(with(to_text(small_record()), R"("out_spec":{"type":"*"})",
                            R"("out_spec":)" + spec)),
              "run.jsonl:2: a spec is nested more than 200 deep");
}

TEST(Messages, AreReadAsRecordLines) {
    const auto crashed = parse_observation(
        R"({"cell": "a/b", "crashed": {"stage": "start", "signal": 9, "exit_code": 0}})", "worker",
        3);
    EXPECT_EQ(std::get<Crashed>(crashed.value().result).signal, 9);
    const auto loading = parse_observation(
        R"({"cell": "a/b", "timeout": {"stage": "check:earlier", "limit_s": 20}})", "worker", 3);
    EXPECT_EQ(std::get<TimedOut>(loading.value().result).stage, "check:earlier");
    EXPECT_EQ(to_string(parse_observation("{", "worker", 3).error()),
              "worker:3: not JSON, expected an observation");
    EXPECT_EQ(to_string(parse_observation("[]", "worker", 3).error()),
              "worker:3: an observation is an array, expected an object");
}

TEST(Messages, AnEnvironmentOfAWorkerHasNoName) {
    const auto environment = parse_environment(
        R"({"torch": "2.13.0", "torch_build": "2.13.0+cpu", "python": "3.11.2", "platform": "linux-x86_64", "cxx11_abi": 1, "packages": {}})",
        "worker", 0);
    EXPECT_EQ(environment.value().torch_build, "2.13.0+cpu");
    EXPECT_THAT(to_string(parse_environment("{}", "worker", 0).error()),
                HasSubstr("\"environment\" has no \"torch\""));
}

}  // namespace
}  // namespace exportgate::record
