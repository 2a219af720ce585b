# `cmake --install build/release --prefix X`: bin/thalweg, the C++ library with its headers and
# find_package(Thalweg), and the modules, which program and library look for in lib/thalweg.
include(CMakePackageConfigHelpers)

set(_package lib/cmake/Thalweg)
install(TARGETS thalweg RUNTIME DESTINATION bin)
install(TARGETS thalweg_library EXPORT ThalwegTargets LIBRARY DESTINATION lib)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/thalweg DESTINATION include)
install(EXPORT ThalwegTargets NAMESPACE Thalweg:: DESTINATION ${_package})
configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/ThalwegConfig.cmake.in
  ${CMAKE_BINARY_DIR}/ThalwegConfig.cmake INSTALL_DESTINATION ${_package})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/ThalwegConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/ThalwegConfig.cmake
  ${CMAKE_BINARY_DIR}/ThalwegConfigVersion.cmake DESTINATION ${_package})

foreach(module arrow kafka)
  if(TARGET thalweg_module_${module})
    install(TARGETS thalweg_module_${module} LIBRARY DESTINATION lib/thalweg)
  endif()
endforeach()
# Arrow out of the wheel comes along; an Arrow of the system stays where it is.
if(TARGET thalweg_module_arrow)
  foreach(part arrow compute parquet)
    get_target_property(_alias PyArrow::${part} ALIASED_TARGET)
    if(TARGET PyArrow::${part} AND NOT _alias)
      install(IMPORTED_RUNTIME_ARTIFACTS PyArrow::${part} LIBRARY DESTINATION lib/thalweg)
    endif()
  endforeach()
endif()
