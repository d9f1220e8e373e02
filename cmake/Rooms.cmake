# bonafide_room(NAME [TORCH] LINK LIBRARY...)
#
# Declares the room src/NAME as the static library bonafide_NAME, and tests/NAME/*_test.cpp as the
# program NAME_test. TORCH rooms may include LibTorch, share one precompiled header, and are one
# test each (LibTorch takes half a second to start).
function(bonafide_room name)
  cmake_parse_arguments(ROOM "TORCH" "" "LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  add_library(bonafide_${name} STATIC ${sources})
  target_include_directories(bonafide_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(bonafide_${name} PUBLIC ${ROOM_LINK} PRIVATE bonafide_flags)
  if(ROOM_TORCH)
    bonafide_use_torch(bonafide_${name} PUBLIC)
    # Each unit pays three seconds for LibTorch's header, precompiled as it is.
    set_target_properties(bonafide_${name} PROPERTIES UNITY_BUILD ${BONAFIDE_UNITY})
  else()
    bonafide_use_precompiled(bonafide_${name} bonafide_pch)
  endif()

  file(GLOB_RECURSE tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/*_test.cpp)
  if(NOT BONAFIDE_TESTS OR NOT tests)
    return()
  endif()
  add_executable(${name}_test ${tests})
  target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name}_test PRIVATE BONAFIDE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name}_test PRIVATE bonafide_${name} bonafide_flags GTest::gtest_main)
  if(ROOM_TORCH)
    bonafide_use_torch(${name}_test PRIVATE)
    add_test(NAME ${name} COMMAND ${name}_test)
  else()
    # The room that the tests call is compiled as it ships, but for inline functions of headers, of
    # which the linker may keep the test's copy.
    target_compile_options(${name}_test PRIVATE -O0)
    bonafide_use_precompiled(${name}_test bonafide_test_pch)
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST)
  endif()
endfunction()
