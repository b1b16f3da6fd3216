// How much memory a child may have: an allocation that runs away fails, and whoever runs it says
// so, instead of the system killing a process of its choice.
#pragma once

#include <cstdint>
#include <filesystem>

namespace exportgate::run {

/// Bytes for one of `jobs` children at a time, of a machine with `bytes` for all of them: an equal
/// share, of which a tenth is left to all else. At most 16 GiB, more than any cell needs, and at
/// least 2 GiB, less than which torch itself may not do with.
std::uint64_t memory_limit(std::uint64_t bytes, std::size_t jobs);

/// What this machine has, or the control group of this process where that is less: in bytes.
/// `limit_file`: where a control group says so.
std::uint64_t memory_here(const std::filesystem::path& limit_file = "/sys/fs/cgroup/memory.max");

}  // namespace exportgate::run
