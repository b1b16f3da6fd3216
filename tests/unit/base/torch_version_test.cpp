#include "base/torch_version.h"

#include <gmock/gmock.h>

namespace exportgate {
namespace {

TorchVersion version(const std::string& text) {
    return TorchVersion::parse(text).value();
}

TEST(TorchVersion, OrdersAsPep440) {
    const std::vector<std::string> ascending{"1.13.1",        "2.6.0.dev20241101",
                                             "2.6.0a0",       "2.6.0a1.dev3",
                                             "2.6.0a1",       "2.6.0b1",
                                             "2.6.0rc1.dev1", "2.6.0rc1",
                                             "2.6.0rc2",      "2.6.0rc10",
                                             "2.6.0",         "2.6.0.post1.dev1",
                                             "2.6.0.post1",   "2.6.1",
                                             "2.9.1",         "2.10.0.dev20251101",
                                             "2.10.0rc1",     "2.10.0",
                                             "2.13.0"};
    for (std::size_t i = 0; i < ascending.size(); ++i) {
        for (std::size_t k = 0; k < ascending.size(); ++k) {
            EXPECT_EQ(version(ascending[i]) <=> version(ascending[k]), i <=> k)
                << ascending[i] << " and " << ascending[k];
        }
    }
}

TEST(TorchVersion, DoesNotCompareTheLocalPart) {
    EXPECT_EQ(version("2.13.0+cpu"), version("2.13.0+cu128"));
    EXPECT_EQ(version("2.9.0a0+git1a2b3c4"), version("2.9.0a0"));
}

TEST(TorchVersion, DoesNotCompareTrailingZeros) {
    EXPECT_EQ(version("2.13"), version("2.13.0"));
    EXPECT_LT(version("2.13"), version("2.13.0.1"));
}

TEST(TorchVersion, IsWrittenInNormalForm) {
    EXPECT_EQ(version("2.13.0+cpu").text(), "2.13.0");
    EXPECT_EQ(version("v2.14.0-RC.2").text(), "2.14.0rc2");
    EXPECT_EQ(version("2.15.0dev20261101+cpu").text(), "2.15.0.dev20261101");
    EXPECT_EQ(version("2.6.0alpha").text(), "2.6.0a0");
}

TEST(TorchVersion, RefusesWhatIsNone) {
    for (const char* text : {"", "latest", "2.", ".2", "2.x", "2.13.0 ", "2.13.0+", "2.13.0rc1x",
                             "-2.1", "2.-1", "99999999999999999999", "2.13.0.dev1rc1"}) {
        EXPECT_FALSE(TorchVersion::parse(text)) << text;
    }
    EXPECT_EQ(to_string(TorchVersion::parse("latest").error()),
              "\"latest\" is not a torch version (write it like 2.13.0, 2.14.0rc2 or "
              "2.15.0.dev20261101)");
}

TEST(TorchVersion, OfAReleaseIsEveryBuildAndOfABuildOnlyThatOne) {
    EXPECT_TRUE(is_torch("2.13", "2.13.0+cu130"));
    EXPECT_TRUE(is_torch("2.13.0+cu130", "2.13.0+cu130"));
    EXPECT_FALSE(is_torch("2.13.0+cpu", "2.13.0+cu130"));
    EXPECT_FALSE(is_torch("2.13.0+cpu", "2.13.0"));
    EXPECT_FALSE(is_torch("2.13.1", "2.13.0+cu130"));
    EXPECT_FALSE(is_torch("nightly", "2.13.0+cu130"));
    EXPECT_FALSE(is_torch("2.13.0", "unknown"));
}

}  // namespace
}  // namespace exportgate
