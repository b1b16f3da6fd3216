# Folders under names that are the same in every build folder: DIR/from/torch, DIR/from/worker, DIR/from/native/<case>.
#
# What is compiled by these names, from DIR, is preprocessed to a text without the path of a checkout, of a venv, or of DIR. So ccache
# knows a worker that was compiled for another environment with the same torch.
#
#   EXPORTGATE_FROM                                       DIR/from
#   exportgate_link_folder(FOLDER LINK)                   LINK leads to FOLDER
#   exportgate_include_linked(TARGET NAME)                FOLDER of DIR/from/NAME is searched for headers
#   exportgate_include_linked_system(TARGET NAME...)      the same, as system headers, and for those that link to the imported TARGET
set(EXPORTGATE_FROM "${CMAKE_BINARY_DIR}/from")

function(exportgate_link_folder folder link)
  if(IS_SYMLINK "${link}")
    file(READ_SYMLINK "${link}" former)
    if(former STREQUAL folder)
      return()
    endif()
    # The files have their former names, and may be older than what was compiled of others.
    file(GLOB_RECURSE objects "${CMAKE_BINARY_DIR}/CMakeFiles/*.o")
    if(objects)
      file(REMOVE ${objects})
    endif()
    file(REMOVE "${link}")
  endif()
  get_filename_component(parent "${link}" DIRECTORY)
  file(MAKE_DIRECTORY "${parent}")
  file(CREATE_LINK "${folder}" "${link}" SYMBOLIC)
endfunction()

# As options: CMake would make whole paths of them.
function(exportgate_include_linked target name)
  target_compile_options(${target} PRIVATE "SHELL:-I from/${name}")
endfunction()

function(exportgate_include_linked_system target)
  foreach(name IN LISTS ARGN)
    target_compile_options(${target} INTERFACE "SHELL:-isystem from/${name}")
  endforeach()
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # Else it writes a whole path in place of a name where that is shorter.
    target_compile_options(${target} INTERFACE -fno-canonical-system-headers)
  endif()
endfunction()
