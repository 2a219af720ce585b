# The words of the root CMakeLists.txt: room(), module(), program(), library(), test_program(),
# fuzzers().
include(GoogleTest)

# room(name [HOT] [USES rooms…] [LIBS outside libraries…] [TEST_LIBS outside libraries…])
# is the whole declaration of a room. Its sources are src/<name>/**/*.cc without *_test.cc; they
# become the static library thalweg_<name>. It is compiled with one include directory only,
# build/<preset>/rooms/<name>/, which holds a link per room it may see: itself and what it uses,
# transitively. An include that goes backward ends with "No such file or directory".
# src/<name>/**/*_test.cc become the test program <name>_test, with the same view.
# Sources in a folder called module/ belong to an optional module (below), main.cc to a program.
function(room name)
  cmake_parse_arguments(PARSE_ARGV 1 R "HOT" "" "USES;LIBS;TEST_LIBS")
  set(sees ${name})
  foreach(used ${R_USES})
    get_property(used_sees GLOBAL PROPERTY THALWEG_ROOM_SEES_${used})
    if(NOT used_sees)
      message(FATAL_ERROR "room ${name} uses ${used}, which is not declared above it")
    endif()
    list(APPEND sees ${used_sees})
  endforeach()
  list(REMOVE_DUPLICATES sees)
  set_property(GLOBAL PROPERTY THALWEG_ROOM_SEES_${name} ${sees})
  set_property(GLOBAL APPEND PROPERTY THALWEG_ROOMS ${name})
  _view(${name} ${sees})

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|/module/|/main\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  list(TRANSFORM R_USES PREPEND thalweg_)
  if(sources)
    add_library(thalweg_${name} STATIC ${sources})
    outside_targets(libraries ${R_LIBS})
    target_link_libraries(thalweg_${name} PUBLIC ${R_USES} PRIVATE ${libraries})
    _compile_in_view(thalweg_${name} ${name})
    if(R_HOT)
      target_compile_options(thalweg_${name} PRIVATE $<$<CONFIG:Release>:-O3>)
    endif()
  else()
    add_library(thalweg_${name} INTERFACE)
    target_link_libraries(thalweg_${name} INTERFACE ${R_USES})
  endif()
  if(tests)
    _test_executable(${name}_test ${name} "${R_LIBS};${R_TEST_LIBS}" ${tests})
  endif()
endfunction()

# module(name ROOM room SOURCES patterns… LIBS outside libraries…): an optional heavy library with
# its thin adapter, lib/thalweg/libthalweg_<name>.so, opened on first use through a C function
# table. It sees the headers of its room and links none of Thalweg's objects, so that both sides
# keep their own symbols. The sources lie in src/<room>/…/module/.
function(module name)
  cmake_parse_arguments(PARSE_ARGV 1 M "" "ROOM" "SOURCES;LIBS")
  list(TRANSFORM M_SOURCES PREPEND ${CMAKE_SOURCE_DIR}/)
  file(GLOB sources CONFIGURE_DEPENDS ${M_SOURCES})
  if(NOT sources)
    return()
  endif()
  add_library(thalweg_module_${name} MODULE ${sources})
  outside_targets(libraries ${M_LIBS})
  target_link_libraries(thalweg_module_${name} PRIVATE ${libraries})
  _compile_in_view(thalweg_module_${name} ${M_ROOM})
  set_target_properties(thalweg_module_${name} PROPERTIES
    OUTPUT_NAME thalweg_${name}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/thalweg
    INSTALL_RPATH $ORIGIN)
  add_dependencies(${M_ROOM}_test thalweg_module_${name})
endfunction()

# program(name [HOT] USES rooms… SOURCES patterns… [LIBS outside libraries…]): an executable in
# build/<preset>/bin. Patterns without a file make no program; tests beside it are no part of it.
function(program name)
  cmake_parse_arguments(PARSE_ARGV 1 P "HOT" "" "USES;SOURCES;LIBS")
  _sources_and_view(${name})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  outside_targets(libraries ${P_LIBS})
  target_link_libraries(${name} PRIVATE ${used_targets} ${libraries})
  _compile_in_view(${name} ${name})
  if(P_HOT)
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O3>)
  endif()
endfunction()

# library(name USES rooms…): libthalweg.so, the rooms behind the front door include/thalweg. Only
# what is marked THALWEG_EXPORT there can be seen from outside. In and out of the tree:
# Thalweg::thalweg.
function(library name)
  cmake_parse_arguments(PARSE_ARGV 1 L "" "" "USES")
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cc CONTENT "")
  add_library(${name} SHARED ${CMAKE_BINARY_DIR}/${name}.cc)
  add_library(Thalweg::thalweg ALIAS ${name})
  foreach(used ${L_USES})
    target_link_libraries(${name} PRIVATE $<LINK_LIBRARY:WHOLE_ARCHIVE,thalweg_${used}>)
  endforeach()
  target_include_directories(${name} INTERFACE
    $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
  target_compile_features(${name} INTERFACE cxx_std_20)
  set_target_properties(${name} PROPERTIES OUTPUT_NAME thalweg EXPORT_NAME thalweg
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} VERSION ${PROJECT_VERSION}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
endfunction()

# test_program(name USES rooms… SOURCES patterns… [LIBS …]): a GoogleTest program <name>_test of
# its own, for tests that need more than one room.
function(test_program name)
  cmake_parse_arguments(PARSE_ARGV 1 P "" "" "USES;SOURCES;LIBS")
  _sources_and_view(${name}_test)
  if(NOT sources)
    return()
  endif()
  _test_executable(${name}_test ${name}_test "${P_LIBS}" ${sources})
  target_link_libraries(${name}_test PRIVATE ${used_targets})
endfunction()

# fuzzers(USES rooms… SOURCES pattern): one libFuzzer program per file x_fuzz.cc, in the preset
# fuzz; the target `fuzzers` builds them all.
function(fuzzers)
  cmake_parse_arguments(PARSE_ARGV 0 P "" "" "USES;SOURCES")
  _sources_and_view(fuzz)
  add_custom_target(fuzzers)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Fuzz")
    return()
  endif()
  foreach(source ${sources})
    cmake_path(GET source STEM name)
    add_executable(${name} EXCLUDE_FROM_ALL ${source})
    target_link_libraries(${name} PRIVATE ${used_targets})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    _compile_in_view(${name} fuzz)
    add_dependencies(fuzzers ${name})
  endforeach()
endfunction()

# The private include directory: one link per room that may be seen. The front door,
# include/thalweg, is seen where the room api is.
function(_view name)
  set(view ${CMAKE_BINARY_DIR}/rooms/${name})
  file(MAKE_DIRECTORY ${view})
  foreach(seen ${ARGN})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/src/${seen} ${view}/${seen} SYMBOLIC)
  endforeach()
  if("api" IN_LIST ARGN)
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/include/thalweg ${view}/thalweg SYMBOLIC)
  endif()
endfunction()

function(_compile_in_view target view)
  target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/rooms/${view})
  target_compile_options(${target} PRIVATE
    -fmacro-prefix-map=${CMAKE_BINARY_DIR}/rooms/${view}/=src/
    -fmacro-prefix-map=rooms/${view}/=src/)
endfunction()

# For program() and test_program(): sets sources and used_targets and makes the view called `view`.
macro(_sources_and_view view)
  list(TRANSFORM P_SOURCES PREPEND ${CMAKE_SOURCE_DIR}/)
  file(GLOB sources CONFIGURE_DEPENDS ${P_SOURCES})
  set(sees "")
  set(used_targets "")
  foreach(used ${P_USES})
    get_property(used_sees GLOBAL PROPERTY THALWEG_ROOM_SEES_${used})
    list(APPEND sees ${used_sees})
    list(APPEND used_targets thalweg_${used})
  endforeach()
  list(REMOVE_DUPLICATES sees)
  _view(${view} ${sees})
endmacro()

function(_test_executable target view libs)
  add_executable(${target} ${ARGN})
  outside_targets(libraries gtest ${libs})
  target_link_libraries(${target} PRIVATE ${libraries})
  if(TARGET thalweg_${view})
    target_link_libraries(${target} PRIVATE thalweg_${view})
  endif()
  _compile_in_view(${target} ${view})
  string(REGEX REPLACE "_test$" "" label ${target})
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    TEST_PREFIX ${label}. PROPERTIES LABELS ${label} TIMEOUT 300)
endfunction()
