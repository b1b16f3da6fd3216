// Small text tools that several folders need.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace exportgate {

/// Parts of `text` between `separator`; "" gives one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

std::string join(std::span<const std::string> parts, std::string_view separator);

/// Without capital letters of ASCII.
std::string lower_case(std::string text);

/// Shell glob over the whole of `text`; `*` and `?` match '/' too, so `*/module/strict/*` covers
/// five-part cell names.
bool glob_matches(const std::string& pattern, const std::string& text);

/// The candidate nearest to `word` by edit distance, for "did you mean"; empty where none is near
/// (distance above a third of the longer word, at least 2).
std::string closest(std::string_view word, std::span<const std::string> candidates);

/// 64-bit FNV-1a, for names of files and change detection; not for security.
std::uint64_t fnv1a(std::string_view bytes);

/// fnv1a as 16 lower-case hexadecimal digits.
std::string digest(std::string_view bytes);

}  // namespace exportgate
