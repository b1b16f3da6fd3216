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
exportgate_find(minizip libminizip-dev HEADER minizip/unzip.h)
exportgate_find(zlib zlib1g-dev HEADER zlib.h)
if(exportgate_missing)
  list(JOIN exportgate_debian " " exportgate_debian)
  message(FATAL_ERROR "exportgate is built with libraries that are not there:${exportgate_missing}\n"
    "On Debian and Ubuntu: apt-get install ${exportgate_debian} (in a checkout, ci/install does it). "
    "Elsewhere: the equivalents; CMAKE_PREFIX_PATH names where they are.")
endif()
find_package(Threads REQUIRED)

# What the command is linked with is in it where that can be had: a wheel is for machines that have none of these libraries.
# Debian has the implementation of toml++ only as a shared library. It is one header, which toml.cpp compiles once.
add_library(exportgate_toml STATIC "${CMAKE_CURRENT_LIST_DIR}/toml.cpp")
add_library(exportgate::toml ALIAS exportgate_toml)
set_target_properties(exportgate_toml PROPERTIES UNITY_BUILD OFF)
target_include_directories(exportgate_toml SYSTEM PUBLIC $<TARGET_PROPERTY:tomlplusplus::tomlplusplus,INTERFACE_INCLUDE_DIRECTORIES>)
target_compile_definitions(exportgate_toml PUBLIC TOML_HEADER_ONLY=0)
add_library(exportgate_pugixml INTERFACE)
add_library(exportgate::pugixml ALIAS exportgate_pugixml)
if(TARGET pugixml::static)
  target_link_libraries(exportgate_pugixml INTERFACE pugixml::static)
else()
  target_link_libraries(exportgate_pugixml INTERFACE pugixml::pugixml)
endif()
# minizip brings no CMake package, and needs zlib; Debian has both as static libraries.
find_library(EXPORTGATE_minizip_LIBRARY NAMES libminizip.a minizip REQUIRED)
find_library(EXPORTGATE_zlib_LIBRARY NAMES libz.a z REQUIRED)
add_library(exportgate_minizip INTERFACE)
add_library(exportgate::minizip ALIAS exportgate_minizip)
target_include_directories(exportgate_minizip SYSTEM INTERFACE "${EXPORTGATE_minizip_HEADERS}" "${EXPORTGATE_zlib_HEADERS}")
target_link_libraries(exportgate_minizip INTERFACE "${EXPORTGATE_minizip_LIBRARY}" "${EXPORTGATE_zlib_LIBRARY}")
