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
