# cmake -DOUTPUT=operator_table.cpp -DTABLE=operators.tsv -P embed_operators.cmake
#
# Writes the table as C++ string literals of less than 30,000 bytes: a literal may not be longer than 64 KiB everywhere.
file(READ "${TABLE}" content)
if(content MATCHES "\\)~~~\"")
  message(FATAL_ERROR "${TABLE} holds the end of a raw literal: )~~~\"")
endif()
set(literals "")
while(NOT content STREQUAL "")
  string(LENGTH "${content}" length)
  if(length GREATER 30000)
    string(SUBSTRING "${content}" 0 30000 part)
    string(FIND "${part}" "\n" end REVERSE)
    math(EXPR size "${end} + 1")
    string(SUBSTRING "${content}" 0 ${size} part)
    string(SUBSTRING "${content}" ${size} -1 content)
  else()
    set(part "${content}")
    set(content "")
  endif()
  string(APPEND literals "        R\"~~~(${part})~~~\",\n")
endwhile()
file(WRITE "${OUTPUT}" "// Made by embed_operators.cmake from operators.tsv.
#include \"graph/operator_table.h\"

namespace exportgate::graph {

const std::vector<std::string_view>& operator_table() {
    static const std::vector<std::string_view> parts{
${literals}    };
    return parts;
}

}  // namespace exportgate::graph
")
