# cmake -DOUTPUT=files.cpp -DHEADER=project/templates.h -DNAMESPACE=exportgate::project "-DFILES=name=a.py;other=b.toml" -P embed_files.cmake
#
# Writes each file as the C++ string literal `name`, which HEADER declares. A literal may not be longer than 64 KiB everywhere.
set(definitions "")
foreach(pair ${FILES})
  string(REGEX MATCH "^([a-z_]+)=(.+)$" matched "${pair}")
  set(name "${CMAKE_MATCH_1}")
  file(READ "${CMAKE_MATCH_2}" content)
  if(NOT matched OR content MATCHES "\\)~~~\"")
    message(FATAL_ERROR "${pair} cannot be embedded: it is no NAME=FILE, or the file holds the end of a raw literal: )~~~\"")
  endif()
  string(APPEND definitions "const std::string_view ${name} = R\"~~~(${content})~~~\";\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made by embed_files.cmake.
#include \"${HEADER}\"

namespace ${NAMESPACE} {

${definitions}
}  // namespace ${NAMESPACE}
")
