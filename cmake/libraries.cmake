# The outside libraries by short name, as room(… LIBS fmt json) says them. A library is looked for
# only when something uses it; a missing one is named together with the Debian package that holds
# it. One line here makes a new library known; `./dev setup` installs the packages.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# outside(name debian-package target cmake-package [version]): known to find_package.
function(outside name debian target package)
  set_property(GLOBAL PROPERTY THALWEG_LIBRARY_${name} ${debian} ${target} ${package} ${ARGN})
  set_property(GLOBAL APPEND PROPERTY THALWEG_LIBRARIES ${name})
endfunction()

# outside_pkg(name debian-package pkg-config-name [version]): known to pkg-config only.
function(outside_pkg name debian package)
  outside(${name} ${debian} PkgConfig::${name} ${package} ${ARGN})
endfunction()

outside(threads      libc6-dev                 Threads::Threads             Threads)
outside(fmt          libfmt-dev                fmt::fmt                     fmt            9.1)
outside(cli11        libcli11-dev              CLI11::CLI11                 CLI11          2.1)
outside(json         nlohmann-json3-dev        nlohmann_json::nlohmann_json nlohmann_json  3.11)
outside(simdjson     libsimdjson-dev           simdjson::simdjson           simdjson       3.0)
outside(date         libhowardhinnant-date-dev date::date-tz                date           3.0)
outside(tomlplusplus libtomlplusplus-dev       tomlplusplus::tomlplusplus   tomlplusplus   3.3)
outside(gtest        libgtest-dev              GTest::gtest_main            GTest          1.12)
outside(benchmark    libbenchmark-dev          benchmark::benchmark         benchmark      1.7)
outside(rapidcheck   librapidcheck-dev         rapidcheck                   rapidcheck)

# Arrow is not in Debian 12: FindPyArrow.cmake says where it comes from. For modules only.
outside(arrow        "a pyarrow wheel"         PyArrow::arrow               PyArrow        26.0)
outside(parquet      "a pyarrow wheel"         PyArrow::parquet             PyArrow        26.0)

outside_pkg(zstd       libzstd-dev        libzstd     1.5)
outside_pkg(zlib       zlib1g-dev         zlib        1.2.13)
outside_pkg(lz4        liblz4-dev         liblz4      1.9)
outside_pkg(libdeflate libdeflate-dev     libdeflate  1.14)
outside_pkg(md         libmd-dev          libmd       1.0)
outside_pkg(xxhash     libxxhash-dev      libxxhash   0.8)
outside_pkg(pcre2      libpcre2-dev       libpcre2-8  10.42)
outside_pkg(icu        libicu-dev         icu-i18n    72)
outside_pkg(openssl    libssl-dev         openssl     3.0)
outside_pkg(grpc       libgrpc++-dev      grpc++      1.51)
outside_pkg(re2        libre2-dev         re2         0)
outside_pkg(rdkafka    librdkafka-dev     rdkafka     2.0)
outside_pkg(httplib    libcpp-httplib-dev cpp-httplib 0.11)
outside_pkg(prometheus prometheus-cpp-dev prometheus-cpp-core 1.0)

# Sets `out` to the CMake targets of the short names given; ends the configuration with the name
# of the package to install where one is missing.
macro(outside_targets out)
  set(${out} "")
  foreach(_name ${ARGN})
    get_property(_how GLOBAL PROPERTY THALWEG_LIBRARY_${_name})
    if(NOT _how)
      get_property(_known GLOBAL PROPERTY THALWEG_LIBRARIES)
      message(FATAL_ERROR "no outside library '${_name}'; cmake/libraries.cmake knows: ${_known}")
    endif()
    list(POP_FRONT _how _debian _target _package _version)
    if(TARGET ${_target})
    elseif(_target MATCHES "^PkgConfig::")
      pkg_check_modules(${_name} QUIET IMPORTED_TARGET GLOBAL "${_package}>=${_version}")
    else()
      find_package(${_package} ${_version} QUIET GLOBAL)
    endif()
    if(NOT TARGET ${_target})
      message(FATAL_ERROR "no ${_name} ${_version}: run ./dev setup or install ${_debian}")
    endif()
    list(APPEND ${out} ${_target})
  endforeach()
endmacro()
