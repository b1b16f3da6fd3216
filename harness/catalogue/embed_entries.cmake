# cmake -DOUTPUT=entries.cpp "-DFILES=a.toml;b.toml" -P embed_entries.cmake
#
# Writes the files as C++ string literals, each as one of its own: a literal may not be longer than 64 KiB everywhere.
set(text "// Made by embed_entries.cmake from entries/.
#include \"catalogue/embedded.h\"

namespace exportgate::catalogue {

const std::vector<Embedded>& embedded() {
    static const std::vector<Embedded> files{
")
foreach(file ${FILES})
  file(READ "${file}" content)
  if(content MATCHES "\\)~~~\"")
    message(FATAL_ERROR "${file} holds the end of a raw literal: )~~~\"")
  endif()
  get_filename_component(name "${file}" NAME)
  string(APPEND text "        {\"entries/${name}\", R\"~~~(${content})~~~\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "${text}    };
    return files;
}

}  // namespace exportgate::catalogue
")
