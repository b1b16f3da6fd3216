#include "run/memory_limit.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/files.h"

namespace exportgate::run {
namespace {

constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;

TEST(MemoryLimit, IsAShareOfTheMachine) {
    EXPECT_LE(2 * memory_limit(24 * gibibyte, 2), 22 * gibibyte);
    EXPECT_GT(memory_limit(24 * gibibyte, 2), 10 * gibibyte);
    EXPECT_LT(memory_limit(24 * gibibyte, 4), memory_limit(24 * gibibyte, 2));
}

TEST(MemoryLimit, IsNeitherLessNorMoreThanMakesSense) {
    EXPECT_EQ(memory_limit(512 * gibibyte, 2), 16 * gibibyte);
    EXPECT_EQ(memory_limit(4 * gibibyte, 8), 2 * gibibyte);
    EXPECT_EQ(memory_limit(0, 0), 2 * gibibyte);
}

TEST(MemoryLimit, OfAControlGroupCounts) {
    const std::filesystem::path file =
        std::filesystem::path(::testing::TempDir()) / ("memory.max." + std::to_string(::getpid()));
    const std::uint64_t physical = memory_here(file);  // which is not there
    EXPECT_GT(physical, gibibyte / 2);
    ASSERT_TRUE(write_file(file, "104857600\n"));
    EXPECT_EQ(memory_here(file), 104857600U);
    ASSERT_TRUE(write_file(file, "max\n"));
    EXPECT_EQ(memory_here(file), physical);
    std::filesystem::remove(file);
}

}  // namespace
}  // namespace exportgate::run
