# exportgate_add_cases(
#   NAME <name> | NO_PREFIX
#   CASES <folder> GOLDEN <folder>
#   [ENVIRONMENT <name>] [ENVIRONMENTS <folder>]
#   [RECORDINGS <file or glob> ...] [RECORD <file>] [TIMEOUT <seconds>] [RUN <argument> ...])
#
# Makes ctest tests of cases and what is expected of them:
#
#   <name>/observe the matrix            a fixture: exports every cell with real torch that changed since the record of an earlier
#                                        ctest, and takes the others from it; where CI is set it exports all
#   <name>/<cell>                        one test per cell (label "cell"); a waived cell is shown as skipped
#   <name>/nothing unused or incomplete  no orphaned golden, no waiver that waives nothing, no cell that was not observed
#   <name>/recordings                    where RECORDINGS are given: every recorded release is as expected; no torch is needed
#   <name>/cells                         only where the cells cannot be listed: fails with the reason
#
# The cells are asked of exportgate whenever ctest starts, so a case that is added or removed needs no new run of CMake.
#
# NAME          what the tests' names begin with; each is used once. NO_PREFIX: the names above without "<name>/"; for one call
# CASES         folder of the cases: cases/<case>/case.toml. Paths are relative to the CMakeLists.txt that calls
# GOLDEN        folder of what is expected, which `exportgate accept` writes. It need not be there yet: all cells are new then, and fail
# ENVIRONMENT   environment whose torch is used (`exportgate env list`); by default the one that exportgate.toml says, in the folder of
#               the cases or above it, else `default`. Where it is not there, every cell fails with the command that adds it
# ENVIRONMENTS  folder in which environments are, by default exportgate's own
# RECORDINGS    records of other releases, judged against the same goldens. A glob is matched when ctest starts
# RECORD        where the record of the matrix is kept, by default exportgate/<name>/record.jsonl in the build folder. A test of yours that
#               reads it has the fixture "<name>/matrix" among its FIXTURES_REQUIRED
# TIMEOUT       seconds for the whole observation, 1200 by default; a cell has its own limit
# RUN           further arguments of the `exportgate run` that observes. With --jobs N it takes N processors, and other tests run beside it;
#               without, it takes all, and no test runs beside it
#
# Waivers are judged as of the environment variable EXPORTGATE_TODAY (YYYY-MM-DD) where it is set, else of today in UTC. Nothing is
# accepted by a test: `exportgate accept --record <RECORD> --cases <CASES> --golden <GOLDEN> --why "..."`.
#
# A mistake in the arguments ends the configuration, and says what to write.
include_guard(GLOBAL)

set(EXPORTGATE_CASES_MODULE_DIR "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "Where exportgate_add_cases has its files")

function(exportgate_add_cases)
  cmake_parse_arguments(arg "NO_PREFIX" "NAME;CASES;GOLDEN;ENVIRONMENT;ENVIRONMENTS;RECORD;TIMEOUT" "RECORDINGS;RUN" ${ARGN})
  string(JOIN "\n  " usage "" "" "exportgate_add_cases(NAME <name> CASES <folder> GOLDEN <folder> [ENVIRONMENT <name>]"
    "  [ENVIRONMENTS <folder>] [RECORDINGS <file>...] [RECORD <file>] [TIMEOUT <seconds>] [RUN <argument>...])")
  set(mistakes "")
  macro(mistake)
    string(CONCAT text ${ARGN})
    string(APPEND mistakes "\n  ${text}")
  endmacro()

  foreach(unknown IN LISTS arg_UNPARSED_ARGUMENTS)
    mistake("there is no argument \"${unknown}\"")
  endforeach()
  foreach(keyword IN LISTS arg_KEYWORDS_MISSING_VALUES)
    mistake("${keyword} has no value: write one after it, or remove it")
  endforeach()
  if(NOT arg_NAME AND NOT arg_NO_PREFIX AND NOT "NAME" IN_LIST arg_KEYWORDS_MISSING_VALUES)
    mistake("NAME is missing: write NAME <name>, which the tests' names begin with (NAME attention: attention/<cell>)")
  elseif(arg_NAME AND arg_NO_PREFIX)
    mistake("NAME and NO_PREFIX are both there: write one of them")
  elseif(arg_NAME AND NOT arg_NAME MATCHES "^[A-Za-z0-9_.+-]+$")
    mistake("NAME ${arg_NAME}: use letters, digits, '.', '_', '-' and '+'")
  endif()
  foreach(folder IN ITEMS CASES GOLDEN)
    if(NOT arg_${folder} AND NOT folder IN_LIST arg_KEYWORDS_MISSING_VALUES)
      mistake("${folder} is missing: write ${folder} <folder>")
    endif()
  endforeach()
  foreach(path IN ITEMS CASES GOLDEN ENVIRONMENTS RECORD)
    if(arg_${path})
      cmake_path(ABSOLUTE_PATH arg_${path} BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    endif()
  endforeach()
  if(arg_CASES AND NOT IS_DIRECTORY "${arg_CASES}")
    mistake("CASES: there is no folder ${arg_CASES}: name the one that holds <case>/case.toml")
  endif()
  if(arg_TIMEOUT AND NOT arg_TIMEOUT MATCHES "^[1-9][0-9]*$")
    mistake("TIMEOUT ${arg_TIMEOUT}: write whole seconds")
  endif()
  get_property(taken GLOBAL PROPERTY exportgate_names)
  if(arg_NO_PREFIX)
    set(name "NO_PREFIX")
  else()
    set(name "NAME ${arg_NAME}")
  endif()
  if((arg_NAME OR arg_NO_PREFIX) AND name IN_LIST taken)
    mistake("${name} is there already: tests of one name would hide each other; write another NAME")
  endif()
  if(NOT TARGET exportgate::exportgate)
    mistake("the target exportgate::exportgate is not there: call find_package(exportgate REQUIRED) before")
  endif()
  if(mistakes)
    message(FATAL_ERROR "exportgate_add_cases:${mistakes}${usage}")
  endif()
  set_property(GLOBAL APPEND PROPERTY exportgate_names "${name}")

  set(prefix "")
  if(arg_NAME)
    set(prefix "${arg_NAME}/")
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/exportgate/${arg_NAME}")
  if(NOT arg_RECORD)
    set(arg_RECORD "${folder}/record.jsonl")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 1200)
  endif()
  set(environment "")
  if(arg_ENVIRONMENT)
    list(APPEND environment --env "${arg_ENVIRONMENT}")
  endif()
  if(arg_ENVIRONMENTS)
    list(APPEND environment --environments "${arg_ENVIRONMENTS}")
  endif()
  set(recordings "")
  foreach(recording IN LISTS arg_RECORDINGS)
    cmake_path(ABSOLUTE_PATH recording BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    list(APPEND recordings "${recording}")
  endforeach()

  set(module "${EXPORTGATE_CASES_MODULE_DIR}")
  file(READ "${module}/cells.cmake.in" content)
  string(CONFIGURE "${content}" content @ONLY)
  # By configuration where there are several: each has an exportgate of its own.
  get_property(several GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  set(suffix "")
  if(several)
    set(suffix "-$<CONFIG>")
    file(CONFIGURE OUTPUT "${folder}/cells.cmake" @ONLY CONTENT "include(\"${folder}/cells-\${CTEST_CONFIGURATION_TYPE}.cmake\")\n")
  endif()
  file(GENERATE OUTPUT "${folder}/cells${suffix}.cmake" CONTENT "${content}")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${folder}/cells.cmake")
endfunction()
