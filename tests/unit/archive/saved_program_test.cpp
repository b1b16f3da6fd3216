// Files that real releases of torch saved (make_archives.py), each with its print.
#include "archive/saved_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "archive/comparison.h"
#include "archive/json_place.h"
#include "archive/program_text.h"
#include "base/files.h"

namespace exportgate::archive {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

std::string archives() {
    return std::string(EXPORTGATE_TEST_DATA) + "/archives/";
}

SavedProgram read(const std::string& release) {
    auto program = read_saved_program(archives() + release + ".pt2");
    if (!program) throw std::runtime_error(to_string(program.error()));
    return std::move(*program);
}

Part part_of(const Comparison& comparison, const std::string& name) {
    for (const Part& part : comparison.parts)
        if (part.name == name) return part;
    throw std::runtime_error("no part " + name);
}

const std::vector<std::string> releases = {"2.6.0", "2.8.0", "2.13.0", "2.15.0"};

TEST(SavedProgram, HasTheCanonicalFormOfItsPrint) {
    for (const std::string& release : releases) {
        const auto print = read_file(archives() + release + ".txt");
        ASSERT_TRUE(print);
        const auto canonical = graph::canonicalise(*print, release);
        ASSERT_TRUE(canonical) << to_string(canonical.error());
        EXPECT_EQ(read(release).models.at("model").canonical.text, canonical->text) << release;
    }
}

TEST(SavedProgram, HasTensorsOfEveryLayoutOfTheFile) {
    for (const std::string& release : releases) {
        const SavedProgram program = read(release);
        const SavedModel& model = program.models.at("model");
        EXPECT_THAT(model.carried_unreadable, IsEmpty()) << release;
        ASSERT_EQ(model.carried.size(), 4u) << release;
        const Carried& weight = model.carried.at("weight");
        EXPECT_EQ(described(weight),
                  "float32 [2, 6], strides [1, 2], cpu, parameter, requires_grad")
            << release;
        EXPECT_EQ(described(model.carried.at("mask")), "bool [6], strides [1], cpu") << release;
    }
}

TEST(SavedProgram, OfAnotherReleaseHasEqualTensorsAndSpecs) {
    for (const std::string& release : releases) {
        const Comparison comparison = compare(read("2.13.0"), read(release));
        for (const char* same : {"parameters, buffers and constants", "inputs",
                                 "in_spec, out_spec and argument names"}) {
            const Part part = part_of(comparison, same);
            EXPECT_EQ(part.found, Found::same)
                << release << ": " << same << ": " << testing::PrintToString(part.lines);
        }
        EXPECT_FALSE(comparison.has(Found::unreadable)) << release;
    }
}

TEST(SavedProgram, GuardsAreNotComparedWhereATorchSavesNone) {
    const Part part = part_of(compare(read("2.6.0"), read("2.13.0")), "guards");
    EXPECT_EQ(part.found, Found::not_compared);
    EXPECT_EQ(part_of(compare(read("2.13.0"), read("2.13.0")), "guards").found, Found::same);
}

TEST(SavedProgram, TheSameFileIsTheSameProgram) {
    for (const std::string& release : releases) {
        const Comparison comparison = compare(read(release), read(release));
        EXPECT_FALSE(comparison.has(Found::different)) << release;
        EXPECT_FALSE(comparison.has(Found::file_only)) << release;
        EXPECT_THAT(comparison.graph_diff, IsEmpty());
    }
}

/// A document with one value in place of another, and what is said of it.
std::string mistake_of(const std::string& place, const nlohmann::json& value) {
    nlohmann::json document = read("2.13.0").models.at("model").document;
    document[nlohmann::json::json_pointer(place)] = value;
    FirstMistake mistake;
    const std::string text = program_text(Place(document, "", mistake));
    if (!mistake.none()) return mistake.what();
    const auto canonical = graph::canonicalise(text, "");
    return canonical ? "" : canonical.error().what;
}

TEST(SavedProgram, WhatIsNotKnownIsAMistakeWithItsPlace) {
    const std::string node = "/graph_module/graph/nodes/0";
    EXPECT_EQ(mistake_of(node + "/target", "torch.ops.aten.neg.default"), "");
    EXPECT_EQ(mistake_of(node + "/target", "torch.ops.aten.dequantize.self"), "");
    EXPECT_THAT(mistake_of(node + "/target", "f\n= g"), HasSubstr("no name of an operator"));
    EXPECT_THAT(mistake_of(node + "/inputs/0/arg", {{"as_dream", 1}}),
                HasSubstr("nodes[0].inputs[0].arg: the unknown kind of argument as_dream"));
    EXPECT_THAT(mistake_of(node + "/outputs/0", {{"as_dream", 1}}), HasSubstr("as_dream"));
    EXPECT_THAT(mistake_of("/graph_module/graph/tensor_values/x/dtype", 99),
                HasSubstr("an unknown dtype"));
    EXPECT_THAT(mistake_of("/graph_module/graph/tensor_values/x/sizes/0/as_expr/expr_str", "Add("),
                HasSubstr("a size that is not understood"));
    EXPECT_THAT(mistake_of("/graph_module/signature/input_specs/0", {{"dream", 1}}),
                HasSubstr("the unknown kind dream"));
    EXPECT_THAT(mistake_of("/graph_module/graph/nodes", 3), HasSubstr("nodes: is no list"));
    EXPECT_THAT(mistake_of("/range_constraints", nullptr), HasSubstr("range_constraints"));
}

TEST(SavedProgram, QuotesInNamesOfParametersAreRead) {
    const std::string parameter = "/graph_module/signature/input_specs/0/parameter/parameter_name";
    EXPECT_EQ(mistake_of(parameter, "it's"), "");
    EXPECT_EQ(mistake_of(parameter, "a\nb'\""), "");
}

TEST(ParseDocument, RefusesWhatCouldHideSomethingOrFillTheStack) {
    EXPECT_TRUE(parse_document(R"({"a": [1, {"a": 2}], "b": {"a": 3}})", "f"));
    EXPECT_THAT(to_string(parse_document(R"({"a": 1, "a": 2})", "f").error()),
                HasSubstr("f: has the key a twice"));
    EXPECT_THAT(to_string(parse_document("{", "f").error()), HasSubstr("is no JSON"));
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    EXPECT_THAT(to_string(parse_document(deep, "f").error()), HasSubstr("nested deeper"));
}

TEST(ParseDocument, IsTheDocumentThatTheParserOfTheLibraryReads) {
    for (const std::string text :
         {R"({"a": [1, -2, 1e5, "b", null, true, {}, [], {"c": {"d": 18446744073709551615}}]})",
          R"({"a": {"a": [{"a": 1}, {"a": 2}]}, "b": [[], [[]], {"a": []}]})", "3", "\"x\"",
          "[]"}) {
        const auto read = parse_document(text, "f");
        ASSERT_TRUE(read) << text;
        EXPECT_EQ(*read, nlohmann::json::parse(text));
    }
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_TRUE(parse_document(nested(151), "f"));
    EXPECT_FALSE(parse_document(nested(152), "f"));
    for (const std::string text : {"", "[1,]", "[1] 2", "{\"a\"}", "[1e999]", "\"\xff\"", "NaN"})
        EXPECT_THAT(to_string(parse_document(text, "f").error()), HasSubstr("is no JSON")) << text;
}

TEST(ParseDocument, TakesAFewMicrosecondsForEachOfManyMembers) {
    std::string text = "[{}";
    for (int i = 0; i < 200'000; ++i)
        text += R"(, {"a": 1})";
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(parse_document(text + "]", "f"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

}  // namespace
}  // namespace exportgate::archive
