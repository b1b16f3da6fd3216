# cmake -DOUTPUT=assets.cpp -DHTML=page.html -DCSS=page.css "-DJS=a.js;b.js" -P embed_assets.cmake
#
# Writes the files as C++ string literals. A literal may not be longer than 64 KiB everywhere, so each file is one of its own.
function(literal out)
  set(text "")
  foreach(file ${ARGN})
    file(READ "${file}" content)
    if(content MATCHES "\\)~~~\"")
      message(FATAL_ERROR "${file} holds the end of a raw literal: )~~~\"")
    endif()
    string(APPEND text "R\"~~~(${content})~~~\"\n")
  endforeach()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

literal(html "${HTML}")
literal(css "${CSS}")
literal(js ${JS})
file(WRITE "${OUTPUT}" "// Made by embed_assets.cmake from assets/.
#include \"page/assets.h\"

namespace exportgate::page {

const std::string_view page_html = ${html};
const std::string_view page_css = ${css};
const std::string_view page_js = ${js};

}  // namespace exportgate::page
")
