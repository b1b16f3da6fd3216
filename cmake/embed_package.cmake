# cmake -DOUTPUT=package.cpp -DHEADER=probe/package.h -DNAMESPACE=exportgate::probe -DPACKAGE=.../exportgate_probe -P embed_package.cmake
#
# Writes the modules of a Python package as the environment::PythonPackage `package`, which HEADER declares.
get_filename_component(name "${PACKAGE}" NAME)
file(GLOB paths "${PACKAGE}/*.py")
set(files "")
foreach(path ${paths})
  get_filename_component(file "${path}" NAME)
  file(READ "${path}" content)
  if(content MATCHES "\\)~~~\"")
    message(FATAL_ERROR "${path} cannot be embedded: it holds the end of a raw literal: )~~~\"")
  endif()
  string(APPEND files "    {\"${file}\", R\"~~~(${content})~~~\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made by embed_package.cmake.
#include \"${HEADER}\"

namespace ${NAMESPACE} {
namespace {

constexpr environment::PythonModule modules[] = {
${files}};

}  // namespace

const environment::PythonPackage package{\"${name}\", modules};

}  // namespace ${NAMESPACE}
")
