#include "environment/versions.h"

#include <gmock/gmock.h>

namespace exportgate::environment {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Versions, OldestFirst) {
    EXPECT_THAT(versions_in("tiny (2.0.1)\n"
                            "Available versions: 2.0.1, 2.0, 1.10.post1, 1.9\n"
                            "  INSTALLED: 1.9\n"
                            "  LATEST:    2.0.1\n"),
                ElementsAre("1.9", "1.10.post1", "2.0", "2.0.1"));
}

TEST(Versions, WarningsBeforeThemAreNone) {
    EXPECT_THAT(versions_in("WARNING: pip index is currently an experimental command.\n"
                            "Available versions: 1.0\n"),
                ElementsAre("1.0"));
    EXPECT_THAT(versions_in("ERROR: No matching distribution found for tiny\n"), IsEmpty());
}

TEST(Versions, AreComparedAsPipDoes) {
    const std::vector<std::string> known{"4.56.2", "4.57.0", "4.57.1", "10"};
    EXPECT_EQ(same_version(known, "4.57"), "4.57.0");
    EXPECT_EQ(same_version(known, "4.57.0"), "4.57.0");
    EXPECT_EQ(same_version(known, "10.0"), "10");
    EXPECT_EQ(same_version(known, "4.5"), std::nullopt);
    EXPECT_EQ(same_version(known, "1"), std::nullopt);
    EXPECT_EQ(same_version(known, ""), std::nullopt);
}

TEST(Versions, AreOfAPackageThatHasAName) {
    for (const char* name : {"tiny", "My_Package", "my.package-2", "x"})
        EXPECT_TRUE(is_package_name(name)) << name;
    for (const char* name : {"", "../tiny", "tiny==1.0", "-e", "tiny-", ".", "a b", "ti\nny"})
        EXPECT_FALSE(is_package_name(name)) << name;
    EXPECT_TRUE(is_same_package("My_Package", "my.package"));
    EXPECT_FALSE(is_same_package("torchvision", "torch"));
}

TEST(Versions, TakeThePlaceOfTheSamePackage) {
    EXPECT_THAT(with_version({"numpy>=1", "My_Package[extra]==1.0", "my-package-2==3"},
                             "my-package", "2.0"),
                ElementsAre("numpy>=1", "my-package-2==3", "my-package==2.0"));
    EXPECT_THAT(with_version({"My.Package ; python_version > '3'"}, "my_package", "2.0"),
                ElementsAre("my_package==2.0"));
    EXPECT_THAT(with_version({}, "tiny", "1.0"), ElementsAre("tiny==1.0"));
}

}  // namespace
}  // namespace exportgate::environment
