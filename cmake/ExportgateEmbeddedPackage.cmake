# exportgate_embedded_package(VARIABLE exportgate_probe)
#
# Sets VARIABLE to a source file that holds the Python package of that name, which is a folder here, for the folder's package.h. Made again
# whenever one of its modules changes.
function(exportgate_embedded_package variable name)
  set(package "${CMAKE_CURRENT_SOURCE_DIR}/${name}")
  set(embedded "${CMAKE_CURRENT_BINARY_DIR}/package.cpp")
  get_filename_component(folder "${CMAKE_CURRENT_SOURCE_DIR}" NAME)
  file(GLOB modules CONFIGURE_DEPENDS "${package}/*.py")
  set(script "${PROJECT_SOURCE_DIR}/cmake/embed_package.cmake")
  add_custom_command(
    OUTPUT "${embedded}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${embedded}" "-DHEADER=${folder}/package.h" "-DNAMESPACE=exportgate::${folder}"
      "-DPACKAGE=${package}" -P "${script}"
    DEPENDS ${modules} "${script}"
    VERBATIM)
  set(${variable} "${embedded}" PARENT_SCOPE)
endfunction()
