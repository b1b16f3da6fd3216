// Session files: JSON, written beside and renamed, so that a file is there whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"
#include "bench/session.h"

namespace exportgate::bench {

inline constexpr int session_format = 1;
/// The first key of a session file; its value is the format.
inline constexpr std::string_view session_key = "exportgate_bench_session";

/// Errors: unreadable, not a session (a measurement is one that has `context` and `benchmarks`),
/// another format, a key that is missing, unknown or of another type, a time that is not above 0, a
/// launch with another number of pairs than the session says.
Result<Session> read_session(const std::filesystem::path& path);
Result<Session> parse_session(std::string_view text, const std::string& file);

/// A benchmark is one line.
std::string to_json(const Session& session);

}  // namespace exportgate::bench
