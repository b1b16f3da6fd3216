#include "matrix/polynomial.h"

#include <gmock/gmock.h>

#include "matrix/relation.h"

namespace exportgate::matrix {
namespace {

using ::testing::ElementsAre;

std::string text_of(const std::string& text) {
    const auto polynomial = Polynomial::parse(text);
    return polynomial ? polynomial->text() : "(none)";
}

TEST(Polynomial, HasOneSpelling) {
    EXPECT_EQ(text_of("length"), "length");
    EXPECT_EQ(text_of("length+1"), "length + 1");
    EXPECT_EQ(text_of("1 + length"), "length + 1");
    EXPECT_EQ(text_of("length - 2"), "length - 2");
    EXPECT_EQ(text_of("length * 2"), "2*length");
    EXPECT_EQ(text_of("2*(length + 3) - length"), "length + 6");
    EXPECT_EQ(text_of("past + new"), "past + new");
    EXPECT_EQ(text_of("length*batch"), "batch*length");
    EXPECT_EQ(text_of("3 - length"), "-length + 3");
    EXPECT_EQ(text_of("length - length"), "0");
}

TEST(Polynomial, RefusesWhatIsNone) {
    for (const std::string none :
         {"", "length + ", "length / 2", "length // 2", "Max(s0, 1)", "length + 1.5", "2 length",
          "(length", "length)", "99999999999999999999", "9223372036854775807*2", "length == 2"})
        EXPECT_EQ(text_of(none), "(none)") << none;
    EXPECT_EQ(text_of(std::string(1000, '(') + "length"), "(none)");
}

TEST(Polynomial, IsTheSameWhateverTheOrderOfTerms) {
    EXPECT_EQ(Polynomial::parse("s0 + s1"), Polynomial::parse("s1 + s0"));
    EXPECT_NE(Polynomial::parse("s0 + s1"), Polynomial::parse("s0 - s1"));
    EXPECT_NE(Polynomial::parse("2*s0"), Polynomial::parse("s0"));
}

TEST(Polynomial, HasAValueWhereItsDimsHaveOne) {
    const auto mask = Polynomial::parse("2*past + new - 1").value();
    EXPECT_EQ(mask.at({{"past", 5}, {"new", 2}}), 11);
    EXPECT_EQ(mask.at({{"past", 5}}), std::nullopt);
    EXPECT_EQ(Polynomial::parse("a*a*a").value().at({{"a", 1LL << 40}}), std::nullopt);
}

TEST(Polynomial, SaysWhatADimOfTorchCan) {
    const auto twice = Polynomial::parse("2*length + 1").value().linear();
    ASSERT_TRUE(twice);
    EXPECT_EQ(twice->name, "length");
    EXPECT_EQ(twice->factor, 2);
    EXPECT_EQ(twice->offset, 1);
    for (const char* other : {"past + new", "length*length", "batch*length", "3"})
        EXPECT_FALSE(Polynomial::parse(other).value().linear()) << other;
}

TEST(Polynomial, ReplacesNames) {
    const auto s0 = Polynomial::parse("s0").value();
    EXPECT_EQ(Polynomial::parse("2*length + 1").value().with({{"length", s0}})->text(), "2*s0 + 1");
    EXPECT_EQ(Polynomial::parse("past + new").value().with({{"past", s0}}), std::nullopt);
}

TEST(Relation, ComparesTwoPolynomials) {
    const auto sum = Relation::parse("total==past+new").value();
    EXPECT_EQ(sum.text(), "total == past + new");
    EXPECT_THAT(sum.names(), ElementsAre("total", "past", "new"));
    EXPECT_TRUE(sum.holds({{"total", 7}, {"past", 5}, {"new", 2}}));
    EXPECT_FALSE(sum.holds({{"total", 8}, {"past", 5}, {"new", 2}}));
    EXPECT_FALSE(sum.holds({{"total", 8}}));
    EXPECT_TRUE(
        Relation::parse("batch*length <= 120").value().holds({{"batch", 3}, {"length", 40}}));
    EXPECT_FALSE(
        Relation::parse("batch*length < 120").value().holds({{"batch", 3}, {"length", 40}}));
    for (const char* none : {"total", "total = past", "total == past == new", "total == "})
        EXPECT_FALSE(Relation::parse(none)) << none;
}

TEST(Relation, DefinesADimThatStandsAlone) {
    EXPECT_EQ(Relation::parse("packed == 2*length").value().definition_of("packed")->text(),
              "2*length");
    EXPECT_EQ(Relation::parse("2*length == packed").value().definition_of("packed")->text(),
              "2*length");
    EXPECT_FALSE(Relation::parse("packed == 2*length").value().definition_of("length"));
    EXPECT_FALSE(Relation::parse("packed <= 2*length").value().definition_of("packed"));
    EXPECT_FALSE(Relation::parse("packed == packed*length").value().definition_of("packed"));
}

}  // namespace
}  // namespace exportgate::matrix
