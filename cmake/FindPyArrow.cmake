# Arrow C++ as the targets PyArrow::arrow, PyArrow::compute and PyArrow::parquet: from an installed
# Arrow with a CMake package if there is one, else from the pyarrow wheel that `./dev setup` unpacks
# into the user's cache, where all work trees share it (PYARROW_ROOT: the directory that holds
# include/ and libarrow.so.NNNN; THALWEG_DEPS in the environment: another cache).
#
# Only a module(…) may link these: the wheel's libraries export symbols of other libraries that
# are bundled in them, and a program that links both sides crashes.
if(DEFINED ENV{THALWEG_DEPS})
  set(_deps $ENV{THALWEG_DEPS})
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(_deps $ENV{XDG_CACHE_HOME}/thalweg)
else()
  set(_deps $ENV{HOME}/.cache/thalweg)
endif()
set(PYARROW_ROOT ${_deps}/pyarrow-26.0.1/pyarrow CACHE PATH "an unpacked pyarrow wheel")

find_package(Arrow CONFIG QUIET GLOBAL)
find_package(ArrowCompute CONFIG QUIET GLOBAL)
find_package(Parquet CONFIG QUIET GLOBAL)

set(_config ${PYARROW_ROOT}/include/arrow/util/config.h)
if(TARGET Arrow::arrow_shared AND TARGET Parquet::parquet_shared)
  set(PyArrow_VERSION ${Arrow_VERSION})
elseif(EXISTS ${_config})
  file(STRINGS ${_config} _lines REGEX "define ARROW_(SO_VERSION|VERSION_STRING)")
  string(REGEX REPLACE ".*ARROW_SO_VERSION \"([0-9]+)\".*" "\\1" PyArrow_SO_VERSION "${_lines}")
  string(REGEX REPLACE ".*ARROW_VERSION_STRING \"([0-9.]+)\".*" "\\1" PyArrow_VERSION "${_lines}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PyArrow REQUIRED_VARS PyArrow_VERSION VERSION_VAR PyArrow_VERSION)

# pyarrow_library(name file-without-lib installed-target uses…)
function(_pyarrow_library name file installed)
  if(TARGET PyArrow::${name})
    return()
  elseif(TARGET ${installed})
    add_library(PyArrow::${name} ALIAS ${installed})
    return()
  endif()
  set(soname lib${file}.so.${PyArrow_SO_VERSION})
  add_library(PyArrow::${name} SHARED IMPORTED GLOBAL)
  set_target_properties(PyArrow::${name} PROPERTIES
    IMPORTED_LOCATION ${PYARROW_ROOT}/${soname}
    IMPORTED_SONAME ${soname}
    INTERFACE_INCLUDE_DIRECTORIES ${PYARROW_ROOT}/include
    INTERFACE_LINK_LIBRARIES "${ARGN}")
endfunction()

if(PyArrow_FOUND)
  _pyarrow_library(arrow arrow Arrow::arrow_shared)
  _pyarrow_library(compute arrow_compute ArrowCompute::arrow_compute_shared PyArrow::arrow)
  _pyarrow_library(parquet parquet Parquet::parquet_shared PyArrow::arrow)
endif()
