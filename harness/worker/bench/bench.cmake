# exportgate-bench: times what the cases' caches cost, with Google Benchmark (bench/PROTOCOL.md).
#
# It does not link torch, so it is compiled with the compiler's own ABI and links the system's Google Benchmark whatever ABI the
# wheel was built with. Where that library is not installed, its sources do: BENCHMARK_SOURCE, as a CMake or environment variable.
# Where there is neither, bench_not_available.txt beside the worker says so, and nothing else is lost.
set(BENCHMARK_SOURCE "" CACHE PATH "Sources of Google Benchmark, for where it is not installed")
if(DEFINED ENV{BENCHMARK_SOURCE})
  set(BENCHMARK_SOURCE "$ENV{BENCHMARK_SOURCE}" CACHE PATH "" FORCE)
endif()
set(bench_notice "${CMAKE_BINARY_DIR}/bench_not_available.txt")
set(bench_obstacle)
if(BENCHMARK_SOURCE)
  if(EXISTS "${BENCHMARK_SOURCE}/include/benchmark/benchmark.h")
    set(BENCHMARK_ENABLE_TESTING OFF)
    set(BENCHMARK_ENABLE_INSTALL OFF)
    set(BENCHMARK_ENABLE_WERROR OFF)
    add_subdirectory("${BENCHMARK_SOURCE}" google_benchmark EXCLUDE_FROM_ALL)
  else()
    set(bench_obstacle "BENCHMARK_SOURCE=${BENCHMARK_SOURCE} has no include/benchmark/benchmark.h")
  endif()
else()
  find_package(benchmark QUIET)
  if(NOT benchmark_FOUND)
    set(bench_obstacle "Google Benchmark was not found")
  endif()
endif()

if(bench_obstacle)
  file(WRITE "${bench_notice}" "${bench_obstacle}\n")
  file(REMOVE "${CMAKE_BINARY_DIR}/exportgate-bench")
else()
  file(REMOVE "${bench_notice}")
  add_executable(exportgate-bench
    "${linked}/bench/main.cpp" "${linked}/bench/control.cpp" "${linked}/bench/google.cpp" "${linked}/bench/native_functions.cpp"
    "${linked}/bench/session.cpp" "${linked}/bench/timed_call.cpp")
  exportgate_include_linked(exportgate-bench "worker/src")
  target_link_libraries(exportgate-bench PRIVATE exportgate_embedding benchmark::benchmark)
endif()
