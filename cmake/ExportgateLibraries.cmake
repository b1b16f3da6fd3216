# The libraries that the harness is built with. All that are missing are named at once, each with its Debian package; ci/install holds
# the list that is installed. The names here are tested to be among it (tests/end_to_end/installed_test.py).
set(exportgate_missing "")

# exportgate_find(<package> <Debian package> [HEADER <header>]): HEADER for a library that brings no CMake package.
macro(exportgate_find package debian)
  cmake_parse_arguments(find "" "HEADER" "" ${ARGN})
  if(find_HEADER)
    find_path(EXPORTGATE_${package}_HEADERS "${find_HEADER}")
    set(${package}_FOUND "${EXPORTGATE_${package}_HEADERS}")
  else()
    find_package(${package} QUIET GLOBAL)
  endif()
  if(NOT ${package}_FOUND)
    string(APPEND exportgate_missing "\n  ${package} (Debian, Ubuntu: ${debian})")
    list(APPEND exportgate_debian ${debian})
  endif()
endmacro()

set(exportgate_debian "")
exportgate_find(nlohmann_json nlohmann-json3-dev)
exportgate_find(fmt libfmt-dev)
exportgate_find(tl-expected libexpected-dev)
exportgate_find(pugixml libpugixml-dev)
exportgate_find(tomlplusplus libtomlplusplus-dev)
exportgate_find(CLI11 libcli11-dev HEADER CLI/CLI.hpp)
exportgate_find(dtl libdtl-dev HEADER dtl/dtl.hpp)
if(exportgate_missing)
  list(JOIN exportgate_debian " " exportgate_debian)
  message(FATAL_ERROR "exportgate is built with libraries that are not there:${exportgate_missing}\n"
    "On Debian and Ubuntu: apt-get install ${exportgate_debian} (in a checkout, ci/install does it). "
    "Elsewhere: the equivalents; CMAKE_PREFIX_PATH names where they are.")
endif()
find_package(Threads REQUIRED)
