# The rule of the rooms, tried with headers that exist: an include that goes backward must end with
# "No such file or directory", the same include from a room that uses the other must compile.

# Hands one include line to the compiler in the view of a room; a room without a header is no test.
function(_include_test kind viewer seen)
  file(GLOB headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/src
    ${CMAKE_SOURCE_DIR}/src/${seen}/*.h)
  if(NOT headers)
    return()
  endif()
  list(GET headers 0 header)
  set(name house.${kind}_include_of_${seen}_from_${viewer})
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/house_test/${name}.cc
    CONTENT "#include \"${header}\"\n")
  add_test(NAME ${name} COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -march=x86-64-v3 -fsyntax-only
    -I${CMAKE_BINARY_DIR}/rooms/${viewer} ${CMAKE_BINARY_DIR}/house_test/${name}.cc)
  set_tests_properties(${name} PROPERTIES LABELS house)
  if(kind STREQUAL "backward")
    set_tests_properties(${name} PROPERTIES
      PASS_REGULAR_EXPRESSION "${header}: No such file or directory")
  endif()
endfunction()

_include_test(backward base data)
_include_test(backward state exec)
_include_test(backward data streaming)
_include_test(forward data base)
_include_test(forward exec state)

find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
add_test(NAME house.tidy COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/tidy.py)
set_tests_properties(house.tidy PROPERTIES LABELS house)
