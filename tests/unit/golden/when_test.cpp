#include "golden/when.h"

#include <gmock/gmock.h>

#include "samples.h"

namespace exportgate::golden {
namespace {

using samples::torch;

TEST(When, EmptyAlwaysHolds) {
    EXPECT_TRUE(*holds("", torch("2.13.0")));
}

TEST(When, ComparesVersionsAsVersions) {
    EXPECT_TRUE(*holds("python>=3.9", torch("2.13.0", "3.11.2")));
    EXPECT_FALSE(*holds("python>=3.12", torch("2.13.0", "3.11.2")));
    EXPECT_TRUE(*holds("python<3.12", torch("2.13.0", "3.11.2")));
    EXPECT_TRUE(*holds("python<=3.11.2", torch("2.13.0", "3.11.2")));
    EXPECT_FALSE(*holds("python>3.11.2", torch("2.13.0", "3.11.2")));
    EXPECT_TRUE(*holds("python!=3.11.3", torch("2.13.0", "3.11.2")));
    EXPECT_TRUE(*holds("numpy==2.1", torch("2.13.0")));
}

TEST(When, CommaMeansAnd) {
    EXPECT_TRUE(*holds("python>=3.9,numpy==2.1.0", torch("2.13.0")));
    EXPECT_FALSE(*holds("python>=3.9,numpy==2.2.0", torch("2.13.0")));
}

TEST(When, ComparesBuildAndPlatformAsWords) {
    EXPECT_TRUE(*holds("build==cpu", torch("2.13.0")));
    EXPECT_TRUE(*holds("build!=cu128,platform==linux-x86_64", torch("2.13.0")));
    auto without_local_part = torch("2.13.0");
    without_local_part.torch_build = "2.13.0";
    EXPECT_TRUE(*holds("build==none", without_local_part));
}

TEST(When, AVersionWithABuildIsThatBuildOnly) {
    auto environment = torch("2.13.0");
    environment.packages["torch"] = "2.13.0+cpu";
    EXPECT_TRUE(*holds("torch==2.13.0+cpu", environment));
    EXPECT_FALSE(*holds("torch==2.13.0+cu130", environment));
    EXPECT_TRUE(*holds("torch!=2.13.0+cu130", environment));
    EXPECT_TRUE(*holds("torch==2.13.0", environment));
}

TEST(When, AnAbsentPackageHoldsNothing) {
    EXPECT_FALSE(*holds("optree==0.17.0", torch("2.13.0")));
    EXPECT_FALSE(*holds("optree!=0.17.0", torch("2.13.0")));
}

TEST(When, IsAnErrorWhereItCannotBeEvaluated) {
    auto environment = torch("2.13.0");
    environment.packages["odd"] = "not-a-version";
    EXPECT_FALSE(holds("odd>=1.0", environment));
    EXPECT_TRUE(*holds("odd==not-a-version", environment));
}

TEST(When, RefusesWhatIsNotACondition) {
    for (const char* when : {"python", "python>=", ">=3.12", "python=3.12", "python >= 3.12",
                             "python>=3.12,", "python>=new", "build>cpu", "python~=3.12"}) {
        EXPECT_FALSE(check_when(when)) << when;
    }
}

}  // namespace
}  // namespace exportgate::golden
