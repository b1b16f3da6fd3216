#include "run/memory_limit.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "base/files.h"

namespace exportgate::run {

namespace {

constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;

}  // namespace

std::uint64_t memory_limit(std::uint64_t bytes, std::size_t jobs) {
    const std::uint64_t share = bytes / 10 * 9 / std::max<std::size_t>(jobs, 1);
    return std::clamp(share, 2 * gibibyte, 16 * gibibyte);
}

std::uint64_t memory_here(const std::filesystem::path& limit_file) {
    const std::uint64_t physical = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                                   static_cast<std::uint64_t>(sysconf(_SC_PAGE_SIZE));
    const Result<std::string> said = read_file(limit_file);
    std::uint64_t limit = 0;
    if (!said ||
        std::from_chars(said->data(), said->data() + said->size(), limit).ec != std::errc{} ||
        limit == 0)
        return physical;  // "max", or no control groups
    return std::min(physical, limit);
}

}  // namespace exportgate::run
