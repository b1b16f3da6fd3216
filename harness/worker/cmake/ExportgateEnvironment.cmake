# The environment that a worker is built for: the interpreter EXPORTGATE_PYTHON and its torch wheel, as two imported targets.
#
#   exportgate_python   headers and shared library of the interpreter that EXPORTGATE_PYTHON (or its venv) is based on
#   exportgate_torch    headers and libraries of the wheel, _GLIBCXX_USE_CXX11_ABI as it was built, pybind11 as it ships it
#   exportgate_libtorch the same libraries without any of Python
#
# find_package(Torch) is not used: on a CUDA wheel it fails without a CUDA toolkit, which nothing here needs.
set(EXPORTGATE_PYTHON "" CACHE FILEPATH "A Python interpreter (a venv's, for example) that has torch")
if(NOT EXPORTGATE_PYTHON)
  message(FATAL_ERROR "No Python is named: add -DEXPORTGATE_PYTHON=/path/to/a/python/that/has/torch")
endif()
if(NOT EXISTS "${EXPORTGATE_PYTHON}")
  message(FATAL_ERROR "EXPORTGATE_PYTHON=${EXPORTGATE_PYTHON} does not exist: name a Python interpreter that has torch")
endif()
# Not REAL_PATH: the symbolic link inside a venv is what makes the interpreter use the venv.
get_filename_component(EXPORTGATE_PYTHON_ABSOLUTE "${EXPORTGATE_PYTHON}" ABSOLUTE)

set(probe "${CMAKE_CURRENT_LIST_DIR}/probe_environment.py")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${probe}")
execute_process(COMMAND "${EXPORTGATE_PYTHON_ABSOLUTE}" "${probe}"
  OUTPUT_VARIABLE described ERROR_VARIABLE complaint RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${EXPORTGATE_PYTHON} cannot be used: ${status}\n${complaint}")
endif()

# What a VALUE holds may contain semicolons, so the lines are split by hand.
while(described MATCHES "^([A-Z0-9_]+)=([^\n]*)\n?(.*)$")
  set(EXPORTGATE_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
  set(described "${CMAKE_MATCH_3}")
endwhile()
if(EXPORTGATE_ERROR)
  message(FATAL_ERROR "${EXPORTGATE_ERROR}")
endif()
if(NOT DEFINED EXPORTGATE_TORCH_CXX11_ABI)
  message(FATAL_ERROR "${EXPORTGATE_PYTHON} did not answer as a Python does: name a Python interpreter that has torch")
endif()
# A torch installed over another one changes headers and ABI under the same path.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${EXPORTGATE_TORCH_DIRECTORY}/version.py")
message(STATUS "worker for Python ${EXPORTGATE_PYTHON_VERSION}, torch ${EXPORTGATE_TORCH_VERSION} "
  "(_GLIBCXX_USE_CXX11_ABI=${EXPORTGATE_TORCH_CXX11_ABI}, ${EXPORTGATE_TORCH_DIRECTORY})")

include(ExportgateLinkedFolders)
exportgate_link_folder("${EXPORTGATE_TORCH_DIRECTORY}" "${EXPORTGATE_FROM}/torch")

get_filename_component(python_folder "${EXPORTGATE_PYTHON_LIBRARY}" DIRECTORY)
add_library(exportgate_python INTERFACE IMPORTED)
target_include_directories(exportgate_python SYSTEM INTERFACE ${EXPORTGATE_PYTHON_INCLUDE})
exportgate_include_linked_system(exportgate_python torch/include)
target_link_libraries(exportgate_python INTERFACE "${EXPORTGATE_PYTHON_LIBRARY}")
target_link_options(exportgate_python INTERFACE "-Wl,-rpath,${python_folder}")

set(torch_folder "${EXPORTGATE_TORCH_DIRECTORY}/lib")
add_library(exportgate_torch INTERFACE IMPORTED)
target_include_directories(exportgate_torch SYSTEM INTERFACE ${EXPORTGATE_PYTHON_INCLUDE})
exportgate_include_linked_system(exportgate_torch torch/include torch/include/torch/csrc/api/include)
target_compile_definitions(exportgate_torch INTERFACE _GLIBCXX_USE_CXX11_ABI=${EXPORTGATE_TORCH_CXX11_ABI})
target_link_libraries(exportgate_torch INTERFACE "${torch_folder}/libtorch_python.so"
  "${torch_folder}/libtorch.so" "${torch_folder}/libtorch_cpu.so" "${torch_folder}/libc10.so")
target_link_options(exportgate_torch INTERFACE "-Wl,-rpath,${torch_folder}")

add_library(exportgate_libtorch INTERFACE IMPORTED)
exportgate_include_linked_system(exportgate_libtorch torch/include torch/include/torch/csrc/api/include)
target_compile_definitions(exportgate_libtorch INTERFACE _GLIBCXX_USE_CXX11_ABI=${EXPORTGATE_TORCH_CXX11_ABI})
target_link_libraries(exportgate_libtorch INTERFACE "${torch_folder}/libtorch.so" "${torch_folder}/libtorch_cpu.so" "${torch_folder}/libc10.so")
target_link_options(exportgate_libtorch INTERFACE "-Wl,-rpath,${torch_folder}" "-Wl,--no-as-needed")
