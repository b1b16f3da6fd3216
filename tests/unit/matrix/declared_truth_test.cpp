// What a case.toml can say besides shapes: numbers, relations, layouts, options, rounds.
#include <gmock/gmock.h>

#include "case_folder.h"

namespace exportgate::matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DeclaredTruth : public CaseFolder {
  protected:
    Case loaded(const std::string& toml) {
        EXPECT_THAT(mistakes_of(toml), IsEmpty());
        return load_case(cases / "my_cache" / "case.toml").value();
    }

    /// `good_case` with one more leaf below x.
    static std::string with_leaf(const std::string& leaf) {
        return with("\"dc.key_cache[0]\"", "n = " + leaf + "\n\"dc.key_cache[0]\"");
    }

    /// `good_case` with `line` above the first table.
    static std::string above(const std::string& line) {
        return with("\n[inputs]", line + "\n[inputs]");
    }
};

TEST_F(DeclaredTruth, AnExtentIsAnExpressionOfDims) {
    const Case one = loaded(with_leaf("[\"2*length\", \"length*2+1\", \"batch + length\"]"));
    EXPECT_THAT(one.inputs[1].shape,
                ElementsAre(Extent("2*length"), Extent("2*length + 1"), Extent("batch + length")));
    EXPECT_THAT(shape_at(one.inputs[1], one.pairs[1]), ElementsAre(10, 11, 8));
    EXPECT_THAT(mistakes_of(with_leaf("[\"length / 2\"]")),
                ElementsAre(HasSubstr("my_cache/case.toml:8: \"length / 2\" is not made of dims")));
    EXPECT_THAT(mistakes_of(with_leaf("[\"2*lenght\"]")),
                ElementsAre(HasSubstr("did you mean \"length\"?")));
    EXPECT_THAT(mistakes_of(with_leaf("[\"length - 6\"]")),
                ElementsAre("my_cache/case.toml:21: pair \"b3c5\" gives leaf \"n\" the extent "
                            "length - 6 = -1"));
}

TEST_F(DeclaredTruth, ANumberCanBeDynamic) {
    const Case one = loaded(with_leaf("{ value = \"length - 1\", dynamic = true }"));
    EXPECT_EQ(one.inputs[1].constant, Constant(ExtentValue{"length - 1"}));
    EXPECT_TRUE(one.inputs[1].is_dynamic);
    EXPECT_FALSE(loaded(with_leaf("{ value = 3 }")).inputs[1].is_dynamic);
    EXPECT_THAT(mistakes_of(with_leaf("{ value = 0.5, dynamic = true }")),
                ElementsAre(HasSubstr(":8: leaf \"n\" is 0.5, which cannot be dynamic (torch")));
    EXPECT_THAT(mistakes_of(with_leaf("{ value = 3, dynamic = 1 }")),
                ElementsAre(HasSubstr("\"dynamic\" of leaf \"n\" is an integer, expected true")));
}

TEST_F(DeclaredTruth, ALeafCanBeAString) {
    EXPECT_EQ(loaded(with_leaf("{ string = \"causal\" }")).inputs[1].constant,
              Constant(Text{"causal"}));
    EXPECT_THAT(mistakes_of(with_leaf("\"causal\"")),
                ElementsAre(HasSubstr("or { string = \"causal\" })")));
}

TEST_F(DeclaredTruth, AnOutputCanBeANumberAStringOrNone) {
    const Case one = loaded(with("y = [\"batch\", 8, 7, 6]",
                                 "y = [\"batch\", 8, 7, 6]\nn = { value = \"length + 1\" }\n"
                                 "any = { type = \"int\" }\nhow = { string = \"causal\" }\n"
                                 "none = \"None\"\nflag = { value = true }"));
    ASSERT_EQ(one.outputs.size(), 6U);
    EXPECT_EQ(one.outputs[1].constant, Constant(ExtentValue{"length + 1"}));
    EXPECT_EQ(one.outputs[2].constant, Constant(AnyOf{"int"}));
    EXPECT_EQ(one.outputs[3].constant, Constant(Text{"causal"}));
    EXPECT_EQ(one.outputs[4].constant, Constant(nullptr));
    EXPECT_EQ(one.outputs[5].constant, Constant(true));
    EXPECT_THAT(mistakes_of(with("y = [\"batch\", 8, 7, 6]", "y = { type = \"integer\" }")),
                ElementsAre(HasSubstr("leaf \"y\" is of the unknown type \"integer\"")));
    EXPECT_THAT(mistakes_of(with_leaf("{ type = \"int\" }")),
                ::testing::Contains(HasSubstr("unknown key \"type\" of leaf \"n\"")));
}

TEST_F(DeclaredTruth, ValuesCanBeBoundedByADim) {
    const std::string head = "{ shape = [4], dtype = \"int64\", values = ";
    const Case one = loaded(with_leaf(head + "[0, \"length - 1\"] }"));
    EXPECT_EQ(one.inputs[1].values, Values(ValueRange{0.0, "length - 1"}));
    EXPECT_THAT(mistakes_of(with_leaf(head + "[7, \"length\"] }")),
                ElementsAre("my_cache/case.toml:21: pair \"b3c5\" gives leaf \"n\" values from 7 "
                            "to 5"));
    EXPECT_THAT(mistakes_of(with_leaf(head + "[0, \"lenght\"] }")),
                ElementsAre(HasSubstr("did you mean \"length\"?")));
}

TEST_F(DeclaredTruth, ALeafHasALayout) {
    const auto layout = [&](const std::string& text) {
        return loaded(with_leaf("{ shape = [\"batch\", 8, 7, 6], layout = " + text + " }"))
            .inputs[1]
            .layout;
    };
    EXPECT_EQ(layout("\"contiguous\""), Layout());
    EXPECT_EQ(layout("\"strided\""), (Layout{LayoutKind::strided, {}}));
    EXPECT_EQ(layout("\"channels_last\""), (Layout{LayoutKind::channels_last, {}}));
    EXPECT_EQ(layout("{ transposed = [1, 2] }"), (Layout{LayoutKind::transposed, {1, 2}}));
    EXPECT_EQ(layout("{ expanded = [0] }"), (Layout{LayoutKind::expanded, {0}}));
    const auto mistakes = [&](const std::string& text) {
        return mistakes_of(with_leaf("{ shape = [\"batch\", 8], layout = " + text + " }"));
    };
    EXPECT_THAT(mistakes("\"stridet\""), ElementsAre(HasSubstr("did you mean \"strided\"?")));
    EXPECT_THAT(mistakes("\"transposed\""), ElementsAre(HasSubstr("transposed names two dims")));
    EXPECT_THAT(mistakes("{ transposed = [1, 2] }"),
                ElementsAre(HasSubstr("dim 2 is not one of its 2 dims")));
    EXPECT_THAT(mistakes("{ expanded = [1, 1] }"), ElementsAre(HasSubstr("named twice")));
    EXPECT_THAT(mistakes("\"channels_last\""),
                ElementsAre(HasSubstr("channels_last is of 4 dims, it has 2")));
    EXPECT_THAT(mistakes("{ strided = [1] }"),
                ElementsAre(HasSubstr("the layout strided names no dims")));
}

TEST_F(DeclaredTruth, TwoLeavesAreOneTensor) {
    const Case one = loaded(with("\"dc.a_mask\"", "v = { same_as = \"x\" }\n\"dc.a_mask\""));
    EXPECT_EQ(one.inputs[2].same_as, "x");
    EXPECT_EQ(one.inputs[2].shape, one.inputs[0].shape);
    EXPECT_THAT(mistakes_of(with_leaf("{ same_as = \"dc.a_mask\" }")),
                ElementsAre(HasSubstr("which is no tensor above it")));
    EXPECT_THAT(mistakes_of(with_leaf("{ same_as = \"x\", dtype = \"int64\" }")),
                ElementsAre(HasSubstr("has \"same_as\" and something else")));
}

TEST_F(DeclaredTruth, PairsObeyTheRelations) {
    const Case one = loaded(above("relations = [\"batch<5\", \"length >= batch+2\"]"));
    ASSERT_EQ(one.relations.size(), 2U);
    EXPECT_EQ(one.relations[0].text(), "batch < 5");
    EXPECT_EQ(one.relations[1].text(), "length >= batch + 2");
    EXPECT_THAT(mistakes_of(above("relations = [\"length == batch + 2\"]")),
                ElementsAre("my_cache/case.toml:19: pair \"b4c11\" does not obey the relation "
                            "\"length == batch + 2\""));
    EXPECT_THAT(mistakes_of(above("relations = [\"lenght > 1\"]")),
                ElementsAre(HasSubstr(":5: dim \"lenght\" is not declared")));
    EXPECT_THAT(mistakes_of(above("relations = [\"length = 1\"]")),
                ElementsAre(HasSubstr(":5: \"length = 1\" is not a relation between dims (write")));
}

TEST_F(DeclaredTruth, ExportTakesOptions) {
    const Case one = loaded(good_case +
                            "[export]\nprefer_deferred_runtime_asserts_over_guards = true\n"
                            "preserve_module_call_signature = [\"layers.0\"]\n");
    EXPECT_EQ(one.export_options.at("prefer_deferred_runtime_asserts_over_guards"),
              ExportOption(true));
    EXPECT_EQ(one.export_options.at("preserve_module_call_signature"),
              ExportOption(std::vector<std::string>{"layers.0"}));
    const auto of = [&](const std::string& line) {
        return mistakes_of(good_case + "[export]\n" + line + "\n");
    };
    EXPECT_THAT(of("prefer_deferred_runtime_assert_over_guards = true"),
                ElementsAre(HasSubstr("did you mean \"prefer_deferred_runtime_asserts_over_gua")));
    EXPECT_THAT(of("prefer_deferred_runtime_asserts_over_guards = 1"),
                ElementsAre(HasSubstr("is an integer, expected true or false")));
}

TEST_F(DeclaredTruth, ARoundIsLeftOutForAReason) {
    EXPECT_THAT(loaded(above("rounds = { edges = \"indices\" }")).rounds,
                ElementsAre(::testing::Pair("edges", "indices")));
    EXPECT_THAT(mistakes_of(above("rounds = { edge = \"indices\" }")),
                ElementsAre(HasSubstr("unknown round \"edge\" (did you mean \"edges\"?)")));
    EXPECT_THAT(mistakes_of(above("rounds = { edges = \" \" }")),
                ElementsAre(HasSubstr("the round \"edges\" is left out without a reason")));
    EXPECT_THAT(mistakes_of(good_case + "rounds = { edges = \"indices\" }\n"),
                ::testing::Contains(HasSubstr("key \"rounds\" stands in [pairs]")));
}

TEST_F(DeclaredTruth, IsPartOfWhatIsAsked) {
    const Case one = loaded(good_case);
    const auto differs = [&](auto change) {
        Case other = one;
        change(other);
        return !one.asks_the_same(other);
    };
    EXPECT_TRUE(differs([](Case& c) { c.inputs[0].is_dynamic = true; }));
    EXPECT_TRUE(differs([](Case& c) { c.inputs[0].layout.kind = LayoutKind::strided; }));
    EXPECT_TRUE(differs([](Case& c) { c.inputs[1].same_as = "x"; }));
    EXPECT_TRUE(differs([](Case& c) { c.relations.push_back(*Relation::parse("batch < 5")); }));
    EXPECT_TRUE(differs([](Case& c) { c.rounds["edges"] = "why"; }));
    EXPECT_TRUE(differs([](Case& c) { c.export_options["strict"] = true; }));
}

}  // namespace
}  // namespace exportgate::matrix
