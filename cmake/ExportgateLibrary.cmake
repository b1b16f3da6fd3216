# exportgate_library(NAME SOURCES a.cpp ... DEPENDS lib ... [PACKAGES target ...])
#
# One static library per folder of harness/. A header of folder F is included as "F/header.h", and that resolves only
# for a target that names F in DEPENDS (directly or through a chain of DEPENDS): each folder gets an include root of its
# own in the build tree. So the arrows of the design are enforced by the compiler, not by a review.
#
# What reads and compares programs and records is compiled with -O2. All the rest runs for milliseconds, and -O1 takes a third less
# time to compile.
set(exportgate_hot graph record outcome)
add_library(exportgate_quickly_compiled INTERFACE)
target_compile_options(exportgate_quickly_compiled INTERFACE $<$<CONFIG:Release>:-O1>)

function(exportgate_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PACKAGES" ${ARGN})
  set(root "${CMAKE_BINARY_DIR}/include/${name}")
  file(MAKE_DIRECTORY "${root}")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${root}/${name}" SYMBOLIC)
  add_library(exportgate_${name} STATIC ${arg_SOURCES})
  add_library(exportgate::${name} ALIAS exportgate_${name})
  target_include_directories(exportgate_${name} PUBLIC "${root}")
  list(TRANSFORM arg_DEPENDS PREPEND exportgate::)
  target_link_libraries(exportgate_${name} PUBLIC ${arg_DEPENDS} ${arg_PACKAGES} PRIVATE exportgate_warnings)
  if(NOT name IN_LIST exportgate_hot)
    target_link_libraries(exportgate_${name} PRIVATE exportgate_quickly_compiled)
  endif()
endfunction()
