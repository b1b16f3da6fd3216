// The words that stand for folders of the machine in a record, so that records of two machines say
// the same and none says where it was made.
#pragma once

#include <array>
#include <string_view>

namespace exportgate::record {

inline constexpr std::string_view cases_word = "<cases>";              // --cases
inline constexpr std::string_view environment_word = "<environment>";  // venv, site-packages
inline constexpr std::string_view python_word = "<python>";  // its base: the standard library
inline constexpr std::string_view worker_word = "<worker>";  // the build folder of the worker
inline constexpr std::string_view home_word = "<home>";
inline constexpr std::string_view temporary_word = "<temporary>";

inline constexpr std::array<std::string_view, 6> place_words{
    cases_word, environment_word, python_word, worker_word, home_word, temporary_word};

}  // namespace exportgate::record
