// Any bytes as a print: an error or a canonical text that is a fixed point, never a crash. Build
// with clang:
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Iharness
//   tests/fuzz/canonicalise_fuzz.cpp harness/graph/*.cpp harness/base/*.cpp
//   build/harness/graph/operator_table.cpp
// and start from the recorded prints: ./a.out corpus/ tests/recordings/programs/2.13.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "graph/graph.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view print(reinterpret_cast<const char*>(data), size);
    const auto canonical = exportgate::graph::canonicalise(print, "print.txt");
    if (!canonical) return canonical.error().what.empty() ? (std::abort(), 0) : 0;
    const auto again = exportgate::graph::canonicalise(canonical->text, "canonical.txt");
    if (again && again->text != canonical->text) std::abort();
    return 0;
}
