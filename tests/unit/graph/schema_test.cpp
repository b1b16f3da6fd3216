// Operands are bound to the operator's schema: what is left out, is the default of the table.
#include "graph/schema.h"

#include <gmock/gmock.h>

#include "small_print.h"

namespace exportgate::graph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string print_of(const std::string& call) {
    SmallPrint print;
    print.body = "            add = torch.ops." + call + "\n            return (add,)\n";
    return print.text();
}

Canonical bound(const std::string& call, const ObservedSchemas& schemas = {}) {
    const auto result = canonicalise(print_of(call), "p.txt", {}, schemas);
    EXPECT_TRUE(result.has_value()) << to_string(result.error());
    return result ? *result : Canonical();
}

TEST(Schema, IsRead) {
    const auto schema = parse_schema(
        "aten::f.x(Tensor(a!) self, Tensor(b -> *)[] many, SymInt[2] stride=[1, 1], str mode=\"a, "
        "b\", *, float? scale=None) -> (Tensor(a!), Tensor)");
    ASSERT_TRUE(schema.has_value());
    ASSERT_EQ(schema->arguments.size(), 5u);
    EXPECT_TRUE(schema->arguments[0].is_written);
    EXPECT_TRUE(schema->arguments[1].is_aliased);
    EXPECT_FALSE(schema->arguments[1].is_written);
    EXPECT_EQ(schema->arguments[2].default_value, "[1, 1]");
    EXPECT_EQ(schema->arguments[3].default_value, "\"a, b\"");
    EXPECT_TRUE(schema->arguments[4].keyword_only);
    EXPECT_TRUE(schema->returns_an_alias);
    EXPECT_TRUE(parse_schema("aten::g(Tensor a) -> ()")->returns_nothing);
}

TEST(Schema, WhatIsNoneIsNothing) {
    for (const char* text : {"", "aten::f", "aten::f(Tensor a", "aten::f(Tensor a)",
                             "aten::f(Tensor) -> Tensor", "aten::f(int a=) -> Tensor"})
        EXPECT_FALSE(parse_schema(text).has_value()) << text;
}

TEST(BoundOperands, DefaultsAreLeftOut) {
    EXPECT_EQ(bound("aten.sum.dim_IntList(x, [2], False)").text,
              bound("aten.sum.dim_IntList(x, [2])").text);
    EXPECT_EQ(bound("aten.add.Tensor(x, y, alpha = 1)").text, bound("aten.add.Tensor(x, y)").text);
    EXPECT_EQ(bound("aten.avg_pool2d.default(x, [3, 3], [], [0, 0])").text,
              bound("aten.avg_pool2d.default(x, [3, 3])").text);
    EXPECT_EQ(bound("aten.hardtanh.default(x, -1, 1)").text,
              bound("aten.hardtanh.default(x)").text);
    EXPECT_EQ(bound("aten.div.Tensor_mode(x, y, rounding_mode = None)").text,
              bound("aten.div.Tensor_mode(x, y, rounding_mode = None)").text);
    EXPECT_EQ(bound("aten.gelu.default(x, approximate = 'none')").text,
              bound("aten.gelu.default(x)").text);
}

TEST(BoundOperands, WhatIsNoDefaultStays) {
    EXPECT_NE(bound("aten.sum.dim_IntList(x, [2], True)").text,
              bound("aten.sum.dim_IntList(x, [2])").text);
    // An integer is no float there: it decides the dtype of the result.
    EXPECT_NE(bound("aten.add.Tensor(x, y, alpha = 1.0)").text,
              bound("aten.add.Tensor(x, y)").text);
    EXPECT_NE(bound("aten.avg_pool2d.default(x, [3, 3], [], [0])").text,
              bound("aten.avg_pool2d.default(x, [3, 3])").text);
    EXPECT_NE(bound("aten.gelu.default(x, approximate = 'tanh')").text,
              bound("aten.gelu.default(x)").text);
    EXPECT_NE(bound("aten.cumsum.default(x, True)").text, bound("aten.cumsum.default(x, 1)").text);
}

TEST(BoundOperands, KeywordAndPositionAreTheSame) {
    EXPECT_EQ(bound("aten.sum.dim_IntList(x, [2], keepdim = True)").text,
              bound("aten.sum.dim_IntList(x, [2], True)").text);
    EXPECT_EQ(bound("aten._assert_tensor_metadata.default(x, None, None, torch.int64)").text,
              bound("aten._assert_tensor_metadata.default(x, dtype = torch.int64)").text);
    EXPECT_NE(bound("aten._assert_tensor_metadata.default(x, None, None, torch.int64)").text,
              bound("aten._assert_tensor_metadata.default(x, None, torch.int64)").text);
}

TEST(BoundOperands, WhatDoesNotFitTheSchemaStaysAsItIs) {
    EXPECT_THAT(bound("aten.sum.dim_IntList(x, [2], False, 3, 4)").text,
                HasSubstr("aten.sum.dim_IntList(%0, [2], False, 3, 4)"));
    EXPECT_THAT(bound("aten.sum.dim_IntList(x, [2], other = False)").text,
                HasSubstr("aten.sum.dim_IntList(%0, [2], other=False)"));
    EXPECT_THAT(bound("mine.op.default(x, False, b = 2, a = 1)").text,
                HasSubstr("mine.op.default(%0, False, a=1, b=2)"));
}

TEST(BoundOperands, SaysWhoseSchemaWasAssumed) {
    EXPECT_THAT(bound("aten.add.Tensor(x, y)").assumed_schemas, IsEmpty());
    EXPECT_THAT(bound("aten.add.Tensor(x, y, alpha = 1)").assumed_schemas,
                ElementsAre("aten.add.Tensor"));
    const ObservedSchemas same{
        {"aten.add.Tensor",
         "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"}};
    EXPECT_THAT(bound("aten.add.Tensor(x, y, alpha = 1)", same).assumed_schemas, IsEmpty());
    EXPECT_EQ(bound("aten.add.Tensor(x, y, alpha = 1)", same).text,
              bound("aten.add.Tensor(x, y, alpha = 1)").text);
}

TEST(BoundOperands, AnotherDefaultIsAnotherProgram) {
    const ObservedSchemas other{
        {"aten.add.Tensor",
         "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=2) -> Tensor"}};
    const std::string text = bound("aten.add.Tensor(x, y)", other).text;
    EXPECT_THAT(text, HasSubstr("aten.add.Tensor(%0, %1, alpha=2)"));
    EXPECT_EQ(text, bound("aten.add.Tensor(x, y, alpha = 2)").text);
    EXPECT_EQ(bound("aten.add.Tensor(x, y, alpha = 1)", other).text,
              bound("aten.add.Tensor(x, y)").text);
    EXPECT_EQ(canonical(text), text);
}

TEST(BoundOperands, ANewArgumentWithADefaultChangesNothing) {
    const ObservedSchemas newer{
        {"aten.add.Tensor",
         "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1, bool fast=False) -> "
         "Tensor"}};
    const std::string before = bound("aten.add.Tensor(x, y)").text;
    EXPECT_EQ(bound("aten.add.Tensor(x, y)", newer).text, before);
    EXPECT_EQ(bound("aten.add.Tensor(x, y, fast = False)", newer).text, before);
    EXPECT_NE(bound("aten.add.Tensor(x, y, fast = True)", newer).text, before);
}

TEST(BoundOperands, OfAnOperatorThatTheTableLacksAreAllWritten) {
    const ObservedSchemas one{{"mine.op.default", "mine::op(Tensor x, int scale=2) -> Tensor"}};
    const ObservedSchemas other{{"mine.op.default", "mine::op(Tensor x, int scale=3) -> Tensor"}};
    EXPECT_EQ(bound("mine.op.default(x)", one).text, bound("mine.op.default(x, 2)", one).text);
    EXPECT_NE(bound("mine.op.default(x)", one).text, bound("mine.op.default(x)", other).text);
}

}  // namespace
}  // namespace exportgate::graph
