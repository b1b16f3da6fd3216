# What `cmake --install` and the wheel of pyproject.toml bring: the command, the sources of the worker, which an installed exportgate
# builds for each environment, and the CMake package.
#
#   bin/exportgate
#   share/exportgate/worker/     found from the executable: ../share/exportgate/worker
#   lib/cmake/exportgate/        find_package(exportgate); everything in it is relative, so the prefix can be moved
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(prefix "")
set(commands "${CMAKE_INSTALL_BINDIR}")
if(SKBUILD)
  # In a wheel commands lie apart until it is installed; then all of it is below the venv, in the same places as here.
  set(prefix "${SKBUILD_DATA_DIR}/")
  set(commands "${SKBUILD_SCRIPTS_DIR}")
endif()

install(TARGETS exportgate RUNTIME DESTINATION "${commands}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/harness/worker/" DESTINATION "${prefix}${CMAKE_INSTALL_DATADIR}/exportgate/worker"
  USE_SOURCE_PERMISSIONS PATTERN __pycache__ EXCLUDE)

set(package "${PROJECT_SOURCE_DIR}/cmake/package")
set(destination "${CMAKE_INSTALL_LIBDIR}/cmake/exportgate")
set(EXPORTGATE_EXECUTABLE "${CMAKE_INSTALL_BINDIR}/exportgate")
configure_package_config_file("${package}/exportgateConfig.cmake.in" "${PROJECT_BINARY_DIR}/package/exportgateConfig.cmake"
  INSTALL_DESTINATION "${destination}" PATH_VARS EXPORTGATE_EXECUTABLE)
# Before 1.0 a minor version may change what the function takes.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/exportgateConfigVersion.cmake" COMPATIBILITY SameMinorVersion
  ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/package/exportgateConfig.cmake" "${PROJECT_BINARY_DIR}/package/exportgateConfigVersion.cmake"
  "${package}/ExportgateCases.cmake" "${package}/cells.cmake.in" "${package}/observed.sh" DESTINATION "${prefix}${destination}")
